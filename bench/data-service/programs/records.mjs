import { create, toBinary } from "@bufbuild/protobuf";
import { RecordSchema } from "../dist/gen/data_pb.js";
import { frame } from "./framing.mjs";

/** Microseconds since 1970. */
const start = 1_767_225_600_000_000;

/** A record of 100 bytes on the wire: id, time and a measurement as JSON. */
export function recordAt(number) {
  const { seconds, nanos } = timeAt(number);
  return { id: idAt(number), time: { seconds: BigInt(seconds), nanos }, data: dataAt(number) };
}

/** The same record as a message of gRPC. */
export function messageAt(number) {
  return frame(toBinary(RecordSchema, create(RecordSchema, recordAt(number))));
}

/** The same record as a line for COPY. */
export function lineAt(number) {
  const { seconds, nanos } = timeAt(number);
  const date = new Date(seconds * 1000).toISOString().slice(0, -4);
  const micros = String(nanos / 1000).padStart(6, "0");
  return Buffer.from(`${idAt(number)}\t${date}${micros}Z\t${dataAt(number)}\n`);
}

function idAt(number) {
  return `record-${String(number).padStart(9, "0")}`;
}

/** A thousand records a second. */
function timeAt(number) {
  const micros = start + number * 1000;
  return { seconds: Math.floor(micros / 1e6), nanos: (micros % 1e6) * 1000 };
}

function dataAt(number) {
  const sensor = `sensor-${String(number % 1000).padStart(6, "0")}`;
  return `{"sensor":"${sensor}","temperature":${(20 + (number % 80) / 10).toFixed(1)},"unit":"C","ok":true}`;
}

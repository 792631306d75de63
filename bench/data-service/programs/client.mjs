// Sends records in one call: those of a file by hand, as psql copies a file, or with the generated client.
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { connect } from "node:http2";
import { fromBinary } from "@bufbuild/protobuf";
import { DataServiceClient } from "../dist/gen/data_client.js";
import { BatchResponseSchema } from "../dist/gen/data_pb.js";
import { control } from "./control.mjs";
import { requestHeaders } from "./framing.mjs";
import { recordAt } from "./records.mjs";

async function send({ port, token, file }) {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ...requestHeaders("/data.DataService/BatchInsert"),
    authorization: `Bearer ${token}`,
  });
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(chunk));
  let status;
  stream.on("trailers", (trailers) => {
    status = `${trailers["grpc-status"]} ${trailers["grpc-message"] ?? ""}`;
  });
  createReadStream(file).pipe(stream);
  await once(stream, "close");
  session.close();
  if (status !== "0 ") throw new Error(`the call ended with ${status}`);
  return fromBinary(BatchResponseSchema, Buffer.concat(chunks).subarray(5));
}

async function call({ port, token, count }) {
  const data = new DataServiceClient(`127.0.0.1:${port}`);
  const metadata = { authorization: `Bearer ${token}` };
  const response = await data.batchInsert(records(count), { metadata, timeoutMs: 3_600_000 });
  data.close();
  return response;
}

function* records(count) {
  for (let number = 0; number < count; number += 1) yield recordAt(number);
}

/** Milliseconds of a call, and what it has inserted. */
function timed(insert) {
  return async (argument) => {
    const start = performance.now();
    const { inserted } = await insert(argument);
    return { ms: performance.now() - start, inserted: Number(inserted) };
  };
}

control(null, { send: timed(send), call: timed(call) });

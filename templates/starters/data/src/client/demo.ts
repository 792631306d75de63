import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { DataServiceClient } from "../gen/data_client.ts";
import { type BatchResponse, RecordFailure_CodeSchema, type RecordSchema } from "../gen/data_pb.ts";

/** Called once for each line of the demonstration. */
export type Print = (line: string) => void;

type NewRecord = MessageInitShape<typeof RecordSchema>;

/** Records of the demonstration, one for each tenth of a millisecond. */
const count = 1000;

/**
 * Calls every RPC of the service and prints the responses.
 *
 * @param start time of the first record: another one for each run, by 100 ms
 * @throws GrpcError of the first call that fails
 */
export async function demonstrate(
  data: DataServiceClient,
  print: Print,
  start: Date,
): Promise<void> {
  const measured = measurements(start);

  print(`BatchInsert (client streaming): ${count} records, one of them without a time`);
  const incomplete = measured.map((record, index) =>
    index === 500 ? { ...record, time: undefined } : record,
  );
  describe(await data.batchInsert(incomplete), print);

  print("BatchInsert again, with the time: nothing is stored twice");
  describe(await data.batchInsert(measured), print);

  print("BatchInsert with another value for a known id");
  describe(await data.batchInsert([{ ...measured[0], data: "something else" }]), print);

  print("QueryRecords (server streaming): 100 ms");
  const range = { from: timestampFromDate(start), to: timestampFromDate(later(start, 100)) };
  let found = 0;
  for await (const record of data.queryRecords(range)) {
    found += 1;
    if (found <= 3) print(`  ${record.data}`);
  }
  print(`  ${found} records in all`);
}

function measurements(start: Date): NewRecord[] {
  const run = start.getTime().toString(36);
  return Array.from({ length: count }, (_, index) => {
    const { seconds, nanos } = timestampFromDate(later(start, Math.floor(index / 10)));
    return {
      id: `${run}-${index}`,
      time: { seconds, nanos: nanos + (index % 10) * 100_000 },
      data: JSON.stringify({ sensor: index % 10, temperature: 20 + (index % 7) }),
    };
  });
}

function later(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms);
}

function describe(response: BatchResponse, print: Print): void {
  const { received, inserted, duplicates, failed } = response;
  print(`  ${received} received: ${inserted} inserted, ${duplicates} duplicates, ${failed} failed`);
  for (const { index, code, message } of response.failures) {
    print(`  record ${index}: [${RecordFailure_CodeSchema.value[code]?.name}] ${message}`);
  }
}

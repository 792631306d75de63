import { batches, KeyTurns } from "grpc-service/batches";
import type { Dependencies } from "../../dependencies.ts";
import type { DataServiceHandlers } from "../../gen/data_grpc.ts";
import type { Record as RecordMessage } from "../../gen/data_pb.ts";
import { BatchReport } from "../../records/batch-report.ts";

/** Limits the memory that one call can use, together with the next number. */
const maxBatchBytes = 1024 * 1024;
/** Batches of one call that are stored at the same time: the database need not wait for the next one. */
const inFlight = 2;

/**
 * Stores the records batch by batch. While the database stores some, the next one is read; when that is
 * full, reading stops, and the caller waits.
 */
export function batchInsert({
  records,
  batches: { maxRecords, maxWaitMs },
}: Dependencies): DataServiceHandlers["batchInsert"] {
  return async (requests, context) => {
    const { signal } = context;
    const limits = { maxItems: maxRecords, maxBytes: maxBatchBytes, sizeOf, maxWaitMs, signal };
    const report = new BatchReport();
    const stream = batches(requests, limits);
    const turns = new KeyTurns();
    const store = async (): Promise<void> => {
      for await (const batch of stream) {
        const valid = report.receive(batch);
        const ids = valid.map(({ id }) => id);
        report.add(await turns.run(ids, () => records.insert(valid, context)));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, store));
    return report.response();
  };
}

/** An estimate: characters and the objects around them. */
function sizeOf({ id, data }: RecordMessage): number {
  return id.length + data.length + 64;
}

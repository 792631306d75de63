import { batches } from "grpc-service/batches";
import type { Dependencies } from "../../dependencies.ts";
import type { DataServiceHandlers } from "../../gen/data_grpc.ts";
import type { Record as RecordMessage } from "../../gen/data_pb.ts";
import { BatchReport } from "../../records/batch-report.ts";

/** Limits the memory that one call can use: two batches. */
const maxBatchBytes = 1024 * 1024;

/**
 * Stores the records batch by batch. While the database stores one, the next one is read; when both are
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
    for await (const batch of batches(requests, limits)) {
      report.add(await records.insert(report.receive(batch), context));
    }
    return report.response();
  };
}

/** An estimate: characters and the objects around them. */
function sizeOf({ id, data }: RecordMessage): number {
  return id.length + data.length + 64;
}

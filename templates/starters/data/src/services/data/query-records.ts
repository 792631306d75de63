import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import type { DataServiceHandlers } from "../../gen/data_grpc.ts";
import { isTime } from "../../records/record-rules.ts";
import type { Time } from "../../records/record-store.ts";

/** Sends the records of a range of time as the caller reads them. */
export function queryRecords({ records }: Dependencies): DataServiceHandlers["queryRecords"] {
  return async function* ({ from, to }, context) {
    requireValid({ from: checkTime(from), to: checkTime(to) });
    if (from !== undefined && to !== undefined) {
      requireValid({ to: isBefore(from, to) || "must be later than from" });
    }
    yield* records.query({ from, to }, context);
  };
}

function checkTime(time: Time | undefined): true | string {
  return time === undefined || isTime(time) || "must be from year 1 to 9999";
}

function isBefore(a: Time, b: Time): boolean {
  return a.seconds < b.seconds || (a.seconds === b.seconds && a.nanos < b.nanos);
}

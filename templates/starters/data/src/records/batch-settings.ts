import type { EnvReader } from "grpc-service/config";

/** When the records of a call are stored. */
export interface BatchSettings {
  /** Records of one statement. More use more memory, fewer ask the database more often. */
  readonly maxRecords: number;
  /** Longest time that a record waits for others, in milliseconds. */
  readonly maxWaitMs: number;
}

/** Reads BATCH_MAX_RECORDS and BATCH_MAX_WAIT_MS. */
export function readBatchSettings(env: EnvReader): BatchSettings {
  env.section("Records");
  return {
    maxRecords: env.integer("BATCH_MAX_RECORDS", "Records of one statement.", 1000, {
      min: 1,
      max: 100_000,
    }),
    maxWaitMs: env.integer(
      "BATCH_MAX_WAIT_MS",
      "Longest time that a record waits for others, in milliseconds.",
      100,
      { min: 0, max: 60_000 },
    ),
  };
}

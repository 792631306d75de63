import type { RecordFailure_Code } from "../gen/data_pb.ts";

/** A time as in `google.protobuf.Timestamp`. */
export interface Time {
  readonly seconds: bigint;
  readonly nanos: number;
}

/** A stored record. It can be sent as a `Record` message. */
export interface StoredRecord {
  readonly id: string;
  /** In microseconds. */
  readonly time: Time;
  readonly data: string;
}

/** A record whose fields are already validated. */
export interface NewRecord extends StoredRecord {
  /** Its position in the stream. */
  readonly index: number;
}

/** Why a record cannot be stored. It can be sent as a `RecordFailure` message. */
export interface Refusal {
  readonly index: number;
  readonly id: string;
  readonly code: RecordFailure_Code;
  readonly message: string;
}

/** What has become of records. Those that were neither inserted nor refused were stored already. */
export interface InsertResult {
  readonly inserted: number;
  readonly refusals: readonly Refusal[];
}

/** A range of time. */
export interface TimeRange {
  /** The first time in it. Undefined: from the oldest record on. */
  readonly from?: Time | undefined;
  /** The first time after it. Undefined: up to the newest record. */
  readonly to?: Time | undefined;
}

/** The call that an access to the store belongs to. A `CallContext` is one. */
export interface StoreCall {
  /** Aborts when the caller cancels or the deadline passes: stop working then. */
  readonly signal: AbortSignal;
  readonly deadline?: Date | undefined;
}

/** Stores records. After the call has ended, all methods reject with the reason of the signal. */
export interface RecordStore {
  /**
   * Stores the records that are not stored yet. The first of several with the same id wins. May be repeated
   * with the same records.
   */
  insert(records: readonly NewRecord[], call: StoreCall): Promise<InsertResult>;
  /**
   * The records of a range, ordered by time, then by id. Records that others store meanwhile are found if
   * they are later than what was read.
   */
  query(range: TimeRange, call: StoreCall): AsyncIterable<StoredRecord>;
}

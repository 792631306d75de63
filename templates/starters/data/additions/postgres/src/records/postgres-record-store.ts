import { create, fromJson, toJson } from "@bufbuild/protobuf";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { GrpcError } from "grpc-service";
import {
  type Database,
  DatabaseError,
  patiently,
  textArray,
  timestamptzArray,
} from "grpc-service/postgres";
import { type Kysely, sql } from "kysely";
import { queries } from "../database/queries.ts";
import { RecordFailure_Code } from "../gen/data_pb.ts";
import type {
  InsertResult,
  NewRecord,
  RecordStore,
  Refusal,
  StoreCall,
  StoredRecord,
  Time,
  TimeRange,
} from "./record-store.ts";

/** Most records of a page, and their most bytes of data. */
const pageSize = 500;
const pageBytes = 1024 * 1024;

/** Stores records in PostgreSQL. The owner of the database closes it. */
export class PostgresRecordStore implements RecordStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * While the database is away, it is tried again. If a connection breaks while a batch is stored, the next
   * attempt finds its records as duplicates.
   */
  async insert(records: readonly NewRecord[], call: StoreCall): Promise<InsertResult> {
    call.signal.throwIfAborted();
    if (records.length === 0) return { inserted: 0, refusals: [] };
    try {
      return await patiently(call, () => this.#insert(records, call));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      const [first] = records;
      if (records.length > 1 || first === undefined) return await this.#insertHalves(records, call);
      return { inserted: 0, refusals: [{ index: first.index, id: first.id, ...refusal }] };
    }
  }

  /** Page by page: a slow reader holds neither a connection nor a snapshot. */
  async *query({ from, to }: TimeRange, call: StoreCall): AsyncIterable<StoredRecord> {
    const end = to === undefined ? "infinity" : textOf(to);
    // Before every id.
    let after = { time: from === undefined ? "-infinity" : textOf(from), id: "" };
    for (;;) {
      const page = await this.#page(after, end, call);
      for (const { id, time, data } of page) {
        call.signal.throwIfAborted();
        yield { id, time: fromJson(TimestampSchema, time), data };
      }
      const last = page.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  /** In the order of ids, so that two calls with the same records do not wait for each other. */
  async #insert(records: readonly NewRecord[], call: StoreCall): Promise<InsertResult> {
    const { numAffectedRows } = await sql`
      INSERT INTO records (id, time, data)
      SELECT id, time, data FROM ${given(records)} ORDER BY id COLLATE "C", position
      ON CONFLICT (id) DO NOTHING`.execute(this.#tables(call));
    const inserted = Number(numAffectedRows);
    const isAll = inserted === records.length;
    return { inserted, refusals: isAll ? [] : await this.#conflicts(records, call) };
  }

  /** One of the records cannot be stored: each half is a statement of its own, until that one is alone. */
  async #insertHalves(records: readonly NewRecord[], call: StoreCall): Promise<InsertResult> {
    const middle = Math.floor(records.length / 2);
    const first = await this.insert(records.slice(0, middle), call);
    const second = await this.insert(records.slice(middle), call);
    return {
      inserted: first.inserted + second.inserted,
      refusals: [...first.refusals, ...second.refusals],
    };
  }

  /** The records whose id another record has. */
  async #conflicts(records: readonly NewRecord[], call: StoreCall): Promise<Refusal[]> {
    const { rows } = await sql<{ position: string }>`
      SELECT position FROM ${given(records)} JOIN records AS stored USING (id)
      WHERE (stored.time, stored.data) <> (given.time, given.data)
      ORDER BY position`.execute(this.#tables(call));
    return rows.flatMap(({ position }) => {
      const record = records[Number(position) - 1];
      if (record === undefined) return [];
      const message = "id: another record has it";
      return [
        { index: record.index, id: record.id, code: RecordFailure_Code.ALREADY_EXISTS, message },
      ];
    });
  }

  /** The next records; fewer if they are large. */
  async #page(after: { time: string; id: string }, end: string, call: StoreCall): Promise<Row[]> {
    const { rows } = await sql<Row>`
      SELECT id, to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS time, data
      FROM (
        SELECT *, sum(octet_length(data)) OVER (ORDER BY time, id) - octet_length(data) AS bytes_before
        FROM (
          SELECT * FROM records
          WHERE (time, id) > (${after.time}::timestamptz, ${after.id}) AND time < ${end}::timestamptz
          ORDER BY time, id LIMIT ${pageSize}
        ) AS next
      ) AS measured
      WHERE bytes_before < ${pageBytes}
      ORDER BY measured.time, id`.execute(this.#tables(call));
    return rows;
  }

  #tables(call: StoreCall): Kysely<unknown> {
    return queries<unknown>(this.#database.within(call));
  }
}

interface Row {
  readonly id: string;
  readonly time: string;
  readonly data: string;
}

/** Records as a table with their positions from 1 on. The text is the same for any number of them. */
function given(records: readonly NewRecord[]) {
  const ids = textArray(records.map(({ id }) => id));
  const times = timestamptzArray(records.map(({ time }) => time));
  const data = textArray(records.map((record) => record.data));
  return sql`unnest(${ids}::text[], ${times}::timestamptz[], ${data}::text[])
    WITH ORDINALITY AS given (id, time, data, position)`;
}

/** Why a record is refused, if a statement failed because of its values. */
function refusalOf(error: unknown): Pick<Refusal, "code" | "message"> | undefined {
  const cause = error instanceof GrpcError ? error.cause : error;
  if (!(cause instanceof DatabaseError)) return undefined;
  const { state, constraint } = cause;
  const rule = constraint ?? `SQLSTATE ${state}`;
  // The classes of data exceptions and violated constraints.
  if (!state.startsWith("22") && !state.startsWith("23")) return undefined;
  return { code: RecordFailure_Code.INVALID_ARGUMENT, message: `refused by the database: ${rule}` };
}

/** RFC 3339, in microseconds: PostgreSQL would round what is smaller. */
function textOf({ seconds, nanos }: Time): string {
  const time = create(TimestampSchema, { seconds, nanos: nanos - (nanos % 1000) });
  return toJson(TimestampSchema, time);
}

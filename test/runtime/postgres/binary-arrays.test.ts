import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type Database,
  openDatabase,
  textArray,
  timestamptzArray,
} from "../../../runtime/src/postgres/index.ts";
import { cleanUp } from "../support/echo.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import {
  connectTo,
  type Postgres,
  patientCall,
  settingsFor,
  startServer,
} from "./test-database.ts";

const texts = ["", "a", "홍길동", "😀", '{"a":"b\\c",NULL}', "NULL", " ", "x".repeat(100_000)];
const times = [
  { seconds: 0n, nanos: 0 },
  { seconds: 946_684_800n, nanos: 0 },
  { seconds: -1n, nanos: 999_999_999 },
  { seconds: -62_135_596_800n, nanos: 1000 },
  { seconds: 253_402_300_799n, nanos: 999_999_000 },
];
const micros = ["0", "946684800000000", "-1", "-62135596799999999", "253402300799999999"];

function testArrays(open: () => Database): void {
  const select = async <Row>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    const connection = await open().within(patientCall).connect();
    try {
      return (await connection.query<Row>(text, values)).rows;
    } finally {
      connection.release();
    }
  };

  test("the database sees the same texts", async () => {
    const rows = await select("SELECT value FROM unnest($1::text[]) AS value", [textArray(texts)]);
    expect(rows).toEqual(texts.map((value) => ({ value })));
  });

  test("the database sees the same times, in microseconds", async () => {
    const rows = await select(
      "SELECT (extract(epoch FROM value) * 1000000)::bigint AS value FROM unnest($1::timestamptz[]) AS value",
      [timestamptzArray(times)],
    );
    expect(rows).toEqual(micros.map((value) => ({ value })));
  });

  test("arrays may be empty", async () => {
    const rows = await select(
      "SELECT cardinality($1::text[]) AS texts, cardinality($2::timestamptz[]) AS times",
      [textArray([]), timestamptzArray([])],
    );
    expect(rows).toEqual([{ texts: 0, times: 0 }]);
  });

  test("a text with NUL is INVALID_ARGUMENT", async () => {
    await expect(select("SELECT $1::text[]", [textArray(["a\0b"])])).rejects.toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });
}

describe("in an embedded database", () => {
  testArrays(() => {
    const database = openDatabase(settingsFor(undefined), recordingLogger().logger);
    cleanUp(() => database.close());
    return database;
  });
});

describe("on a server", { tags: "postgresql" }, () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());
  testArrays(() => connectTo(server.url).database);
});

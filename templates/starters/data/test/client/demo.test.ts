import { expect, test } from "vitest";
import { demonstrate } from "../../src/client/demo.ts";
import { DataServiceClient } from "../../src/gen/data_client.ts";
import { startApp } from "../start-app.ts";

const start = new Date("2026-01-01T00:00:00Z");

test("the demonstration calls every RPC and can be repeated", async () => {
  const app = await startApp();
  const data = app.client(DataServiceClient);
  const lines: string[] = [];
  await demonstrate(data, (line) => lines.push(line), start);
  expect(lines).toEqual([
    "BatchInsert (client streaming): 1000 records, one of them without a time",
    "  1000 received: 999 inserted, 0 duplicates, 1 failed",
    "  record 500: [INVALID_ARGUMENT] time: must be set",
    "BatchInsert again, with the time: nothing is stored twice",
    "  1000 received: 1 inserted, 999 duplicates, 0 failed",
    "BatchInsert with another value for a known id",
    "  1 received: 0 inserted, 0 duplicates, 1 failed",
    "  record 0: [ALREADY_EXISTS] id: another record has it",
    "QueryRecords (server streaming): 100 ms",
    '  {"sensor":0,"temperature":20}',
    '  {"sensor":1,"temperature":21}',
    '  {"sensor":2,"temperature":22}',
    "  1000 records in all",
  ]);
  const again: string[] = [];
  await demonstrate(data, (line) => again.push(line), new Date(start.getTime() + 100));
  expect(again).toEqual(lines);
  await app.close();
});

test("the demonstration fails when a call does", async () => {
  const app = await startApp();
  const data = app.client(DataServiceClient, app.anonymous);
  await expect(demonstrate(data, () => {}, start)).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
  await app.close();
});

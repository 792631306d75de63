import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { reason } from "../../../runtime/src/app/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { recovery } from "../../../runtime/src/interceptors/index.ts";
import type { Database, DatabaseCall } from "../../../runtime/src/postgres/index.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { cleanUp, failure } from "../support/echo.ts";
import { implementPatterns, patternCalls } from "../support/four-patterns.ts";
import { recordingLogger } from "../support/recording-logger.ts";
import { connectTo, patientCall } from "./test-database.ts";

/** A database whose server does this with every connection: none is needed for it to be away. */
async function databaseOf(serve: (socket: Socket) => void): Promise<Database> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    serve(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  cleanUp(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return connectTo(`postgres://u@127.0.0.1:${port}/db`).database;
}

async function databaseOfNobody(): Promise<Database> {
  return connectTo("postgres://u@127.0.0.1:1/db").database;
}

/** Answers the startup message with an error: PostgreSQL's ErrorResponse. */
function refuseWith(state: string): (socket: Socket) => void {
  const fields = ["SFATAL", `C${state}`, "Mno", ""].join("\0");
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.from([0x45, 0, 0, 0, body.length + 4]);
  return (socket) => socket.once("data", () => socket.end(Buffer.concat([head, body])));
}

async function ask(database: Database, call: DatabaseCall = patientCall): Promise<void> {
  const connection = await database.within(call).connect();
  await connection.query("SELECT 1").finally(() => connection.release());
}

test.each([
  ["nobody listens", databaseOfNobody, "ECONNREFUSED"],
  [
    "the connection breaks",
    () => databaseOf((socket) => socket.destroy()),
    /terminated|ECONNRESET/,
  ],
  ["nobody answers", () => databaseOf(() => {}), /timeout/],
  ["it shuts down", () => databaseOf(refuseWith("57P01")), "no"],
  ["it starts", () => databaseOf(refuseWith("57P03")), "no"],
  ["it has too many connections", () => databaseOf(refuseWith("53300")), "no"],
  ["the connection is refused by its protocol", () => databaseOf(refuseWith("08004")), "no"],
])("UNAVAILABLE with the cause when %s", async (_what, open, cause) => {
  const error = await failure(ask(await open()));
  expect(error).toBeInstanceOf(GrpcError);
  expect(error).toMatchObject({
    code: "UNAVAILABLE",
    rawMessage: "the database cannot be reached",
  });
  expect(reason(error)).toMatch(cause);
});

test("a password that is wrong is told apart", async () => {
  const error = await failure(ask(await databaseOf(refuseWith("28P01"))));
  expect(error).toMatchObject({
    code: "UNAVAILABLE",
    rawMessage: "the database refuses the server",
  });
});

test.each(patternCalls)(
  "%s: the caller may try again, and the log has the cause",
  async (_, call) => {
    const database = await databaseOfNobody();
    const { logger, lines } = recordingLogger();
    const handlers = implementPatterns((context) => ask(database, context));
    const server = await startTestServer([handlers], { interceptors: [recovery({ logger })] });
    cleanUp(() => server.close());
    await expect(call(server.channel)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      rawMessage: "the database cannot be reached",
    });
    expect(JSON.stringify(lines)).toContain("ECONNREFUSED");
  },
);

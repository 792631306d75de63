import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { Pool } from "pg";
import { afterEach, expect, test } from "vitest";
import { reason } from "../../../runtime/src/app/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { recovery } from "../../../runtime/src/interceptors/index.ts";
import { startTestServer } from "../../../runtime/src/testing/index.ts";
import { withConnection } from "../../../templates/additions/postgres/src/database/connection.ts";
import { implementPatterns, patternCalls } from "../../runtime/support/four-patterns.ts";
import { recordingLogger } from "../../runtime/support/recording-logger.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A pool whose server does this with every connection: no database is needed for it to be away. */
async function poolOf(serve: (socket: Socket) => void): Promise<Pool> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    serve(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const pool = new Pool({ host: "127.0.0.1", port, user: "u", connectionTimeoutMillis: 500 });
  cleanups.push(() => pool.end());
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return pool;
}

async function poolOfNobody(): Promise<Pool> {
  const pool = await poolOf(() => {});
  await cleanups.pop()?.();
  return pool;
}

/** Answers the startup message with an error: PostgreSQL's ErrorResponse. */
function refuseWith(state: string): (socket: Socket) => void {
  const fields = ["SFATAL", `C${state}`, "Mno", ""].join("\0");
  const body = Buffer.from(`${fields}\0`);
  const head = Buffer.from([0x45, 0, 0, 0, body.length + 4]);
  return (socket) => socket.once("data", () => socket.end(Buffer.concat([head, body])));
}

function failureOf(pool: Pool): Promise<unknown> {
  const { signal } = new AbortController();
  return withConnection(pool, signal, (client) => client.query("SELECT 1")).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test.each([
  ["nobody listens", poolOfNobody, "ECONNREFUSED"],
  ["the connection breaks", () => poolOf((socket) => socket.destroy()), /terminated|ECONNRESET/],
  ["nobody answers", () => poolOf(() => {}), /timeout/],
  ["it shuts down", () => poolOf(refuseWith("57P01")), "no"],
  ["it starts", () => poolOf(refuseWith("57P03")), "no"],
  ["it has too many connections", () => poolOf(refuseWith("53300")), "no"],
  ["the connection is refused by its protocol", () => poolOf(refuseWith("08004")), "no"],
])("UNAVAILABLE with the cause when %s", async (_what, open, cause) => {
  const failure = await failureOf(await open());
  expect(failure).toBeInstanceOf(GrpcError);
  expect(failure).toMatchObject({
    code: "UNAVAILABLE",
    rawMessage: "the database cannot be reached",
  });
  expect(reason(failure)).toMatch(cause);
});

test("any other failure stays as it is", async () => {
  const failure = await failureOf(await poolOf(refuseWith("28P01")));
  expect(failure).toMatchObject({ code: "28P01", message: "no" });
});

test.each(patternCalls)(
  "%s: the caller may try again, and the log has the cause",
  async (_, call) => {
    const pool = await poolOfNobody();
    const { logger, lines } = recordingLogger();
    const handlers = implementPatterns(({ signal }) =>
      withConnection(pool, signal, (client) => client.query("SELECT 1")),
    );
    const server = await startTestServer([handlers], { interceptors: [recovery({ logger })] });
    cleanups.push(() => server.close());
    await expect(call(server.channel)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      rawMessage: "the database cannot be reached",
    });
    expect(JSON.stringify(lines)).toContain("ECONNREFUSED");
  },
);

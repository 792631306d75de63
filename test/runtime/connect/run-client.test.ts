import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runClient } from "../../../runtime/src/connect/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { cleanUp } from "../support/echo.ts";
import { patterns, unaryCall } from "../support/four-patterns.ts";
import { loadClientConfig, startRecording } from "./connect-to.ts";

let printed: string[];
let exitCode: typeof process.exitCode;
beforeEach(() => {
  printed = [];
  vi.spyOn(console, "error").mockImplementation((line) => void printed.push(String(line)));
  exitCode = process.exitCode;
  process.exitCode = undefined;
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = exitCode;
});

const settings = (address: string) => () => loadClientConfig({ SERVER_ADDRESS: address });

test("calls the server, and closes the connection", async () => {
  const { address, received } = await startRecording();
  let used: Parameters<Parameters<typeof runClient>[2]>[0] | undefined;
  await runClient([patterns], settings(address), async (connection) => {
    used = connection;
    await unaryCall(connection.channel, connection.options);
  });
  expect(received).toHaveLength(1);
  expect(printed).toEqual([]);
  expect(process.exitCode).toBeUndefined();
  expect(() => used?.channel.getConnectivityState(false)).not.toThrow();
  await expect(used && unaryCall(used.channel, used.options)).rejects.toThrow();
});

test("says where no server is, and that the doctor knows why", async () => {
  await runClient([patterns], settings("127.0.0.1:1"), async ({ channel, options }) => {
    await unaryCall(channel, options);
  });
  expect(printed).toEqual([
    "no connection to 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; npx grpc-service doctor finds out why",
  ]);
  expect(process.exitCode).toBe(1);
});

test.each([
  [new GrpcError("NOT_FOUND", "no user 7"), "[NOT_FOUND] no user 7"],
  [new GrpcError("UNAVAILABLE", "the database is away"), "[UNAVAILABLE] the database is away"],
  [new Error("the demonstration went wrong"), "the demonstration went wrong"],
])("prints %s in one line", async (error, line) => {
  await runClient([patterns], settings("127.0.0.1:1"), () => Promise.reject(error));
  expect(printed).toEqual([line]);
  expect(process.exitCode).toBe(1);
});

test("prints settings that are wrong, and opens nothing", async () => {
  let opened = false;
  cleanUp(() => expect(opened).toBe(false));
  const work = async () => {
    opened = true;
  };
  await runClient([patterns], settings("nowhere"), work);
  expect(printed).toEqual([expect.stringMatching(/^SERVER_ADDRESS must be host:port/)]);
  expect(process.exitCode).toBe(1);
});

test("calls nothing on another machine", async () => {
  let called = false;
  await runClient([patterns], settings("shop.example:443"), async () => {
    called = true;
  });
  expect(called).toBe(false);
  expect(printed[0]).toMatch(/^shop\.example:443 is not this machine\./);
  expect(process.exitCode).toBe(1);
});

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { metricsEndpoint } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { cleanUp, raise } from "../../support/echo.ts";
import { recordingLogger } from "../../support/recording-logger.ts";

/** @returns the port of an endpoint that closes after the test */
async function open(): Promise<number> {
  const { logger } = recordingLogger();
  const registry = new Registry();
  const endpoint = metricsEndpoint({ address: "127.0.0.1:0", registry, logger });
  if (endpoint === undefined) return raise("no endpoint");
  await endpoint.open();
  cleanUp(() => endpoint.close());
  return endpoint.port ?? raise("no port");
}

async function socketTo(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => {});
  cleanUp(() => void socket.destroy());
  await once(socket, "connect");
  return socket.resume();
}

/** What a scraper gets; nothing if its connection is closed at once. */
async function answerOf(port: number): Promise<string> {
  const socket = await socketTo(port);
  let text = "";
  socket.on("data", (data) => {
    text += data;
  });
  socket.write("GET /metrics HTTP/1.0\r\n\r\n");
  await once(socket, "close");
  return text;
}

test("100 connections are open at most: others are closed until one of them ends", async () => {
  const port = await open();
  const sockets: Socket[] = [];
  for (let opened = 0; opened < 100; opened += 1) sockets.push(await socketTo(port));
  await once(await socketTo(port), "close");
  expect(sockets.filter((socket) => socket.closed)).toEqual([]);

  for (const socket of sockets.slice(0, 10)) socket.destroy();
  await expect.poll(() => answerOf(port), { timeout: 10_000 }).toMatch(/^HTTP\/1.1 200 OK/);
});

test.each([
  ["nothing", ""],
  ["a part of a request", "GET /metrics HTTP/1.1\r\nhost: x\r\n"],
])("a connection that sends %s is closed after 5 s", { timeout: 15_000 }, async (_, text) => {
  const socket = await socketTo(await open());
  socket.write(text);
  await once(socket, "close");
});

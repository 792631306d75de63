import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { expect, test } from "vitest";
import { connect, unreachable } from "../../../runtime/src/connect/index.ts";
import { startSilent } from "../../support/silent-server.ts";
import { cleanUp } from "../support/echo.ts";
import { patterns, unaryCall } from "../support/four-patterns.ts";
import { connectTo, loadClientConfig } from "./connect-to.ts";

test("a server that never answers fails its calls; close ends its sockets, and no others", async () => {
  const [address, other] = await Promise.all([startSilent(), startSilent()]);
  const opened = noteSockets();
  const connection = await connectTo(address, {}, { connectTimeoutMs: 200 });
  const foreign = await connectForeign(other);

  const failure = await unaryCall(connection.channel, connection.options).catch((error) => error);
  expect(unreachable(failure, address)?.rawMessage).toBe(
    `no connection to ${address}: no answer within 0.2 s`,
  );
  connection.close();
  const own = opened.filter((socket) => socket !== foreign);
  expect(own.length).toBeGreaterThan(0);
  expect(own.filter((socket) => !socket.destroyed)).toEqual([]);
  expect(foreign.destroyed).toBe(false);
});

test("each server of a list is watched, at its own port", async () => {
  const servers = await Promise.all([startSilent(), startSilent()]);
  const connection = await connectToTarget(`ipv4:${servers.join()}`);
  const failure = await unaryCall(connection.channel, connection.options).catch((error) => error);
  expect(unreachable(failure, "the servers")?.rawMessage).toMatch(/no answer within 0.2 s$/);
});

test("the name of a Unix socket is no port: sockets of others are left alone", async () => {
  const other = await startSilent();
  const connection = await connectToTarget(`unix:/nowhere:${other.split(":")[1]}`);
  const foreign = await connectForeign(other);
  connection.close();
  expect(foreign.destroyed).toBe(false);
});

/** A connection to a target that is not `host:port`. */
async function connectToTarget(address: string) {
  const config = { ...loadClientConfig({}), address };
  const connection = await connect([patterns], config, { connectTimeoutMs: 200 });
  cleanUp(() => connection.close());
  return connection;
}

/** A socket that is not of a connection of ours. */
async function connectForeign(address: string): Promise<Socket> {
  const socket = connectSocket(Number(address.split(":")[1]), "127.0.0.1");
  cleanUp(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** The sockets that are opened from now on. */
function noteSockets(): readonly Socket[] {
  const opened: Socket[] = [];
  const note = (message: unknown) => {
    if (hasSocket(message)) opened.push(message.socket);
  };
  subscribe("net.client.socket", note);
  cleanUp(() => void unsubscribe("net.client.socket", note));
  return opened;
}

function hasSocket(message: unknown): message is { readonly socket: Socket } {
  return typeof message === "object" && message !== null && "socket" in message;
}

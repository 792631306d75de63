import { connect as connectSocket, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { connectivityState } from "@grpc/grpc-js";
import type { ClientConfig } from "grpc-service/config";
import type { connect } from "grpc-service/connect";
import type { HealthCheckResponse_ServingStatus, HealthClient } from "grpc-service/health/client";
import { errorCode } from "../../../terminal/errors.ts";
import { importPackage } from "../../project/code.ts";
import { reason } from "../../project/reason.ts";
import { splitAddress } from "../address.ts";
import type { Answer } from "../inspection.ts";

/** The client side of the project's own packages. */
export interface ClientLibrary {
  readonly connect: typeof connect;
  readonly HealthClient: typeof HealthClient;
  readonly HealthCheckResponse_ServingStatus: typeof HealthCheckResponse_ServingStatus;
  readonly connectivityState: typeof connectivityState;
}

/** Imports it. @throws CodeError */
export async function importClientLibrary(root: string): Promise<ClientLibrary> {
  type Health = Pick<ClientLibrary, "HealthClient" | "HealthCheckResponse_ServingStatus">;
  type GrpcJs = Pick<ClientLibrary, "connectivityState">;
  const { connect } = await importPackage<Pick<ClientLibrary, "connect">>(
    root,
    "grpc-service/connect",
  );
  const health = await importPackage<Health>(root, "grpc-service/health/client");
  const { HealthClient, HealthCheckResponse_ServingStatus } = health;
  const { connectivityState } = await importPackage<GrpcJs>(root, "@grpc/grpc-js");
  return { connect, HealthClient, HealthCheckResponse_ServingStatus, connectivityState };
}

/**
 * Asks the server that clients of the project call for its health.
 *
 * @param services full names of the project's services
 */
export async function callServer(
  config: ClientConfig,
  library: ClientLibrary,
  services: readonly string[],
): Promise<Answer> {
  const target = { ...splitAddress(config.address), timeout: 1000 };
  if (!(await connects(connectSocket(target)))) return { kind: "no server" };
  try {
    return await checkHealth(config, library, services);
  } catch (error) {
    return { kind: "no answer", reason: reason(error), certificate: await certificateOf(target) };
  }
}

async function checkHealth(
  config: ClientConfig,
  library: ClientLibrary,
  services: readonly string[],
): Promise<Answer> {
  const { HealthClient, HealthCheckResponse_ServingStatus, connectivityState } = library;
  const { channel, close } = await library.connect([], config);
  try {
    const client = new HealthClient(channel);
    const { status } = await client.check({}, { timeoutMs: 2000 });
    const ours = await knowsOne(client, services);
    const state = connectivityState[channel.getConnectivityState(false)];
    const serving = status === HealthCheckResponse_ServingStatus.SERVING;
    return { kind: "health", serving, ours, channel: state };
  } finally {
    close();
  }
}

/**
 * Whether the server has one of these services. One is enough: the server may run an older version of the
 * project.
 */
async function knowsOne(client: HealthClient, services: readonly string[]): Promise<boolean> {
  for (const service of services) {
    try {
      await client.check({ service }, { timeoutMs: 2000 });
      return true;
    } catch (error) {
      if (errorCode(error) !== "NOT_FOUND") throw error;
    }
  }
  return false;
}

/** Where to connect, and for how many milliseconds to wait. */
interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly timeout: number;
}

/** Fingerprint of the certificate that a server shows to any client; undefined if it does not use TLS. */
async function certificateOf(target: SocketTarget): Promise<string | undefined> {
  const servername = isIP(target.host) > 0 ? "" : target.host;
  const anyCertificate = { rejectUnauthorized: false, ALPNProtocols: ["h2"], servername };
  const socket = connectTls({ ...target, ...anyCertificate });
  return settled(socket, "secureConnect", () => socket.getPeerX509Certificate()?.fingerprint256);
}

async function connects(socket: Socket): Promise<boolean> {
  return (await settled(socket, "connect", () => true)) === true;
}

/** What `read` returns at `event`; undefined after an error, or without traffic until the timeout. */
function settled<T>(
  socket: Socket,
  event: "connect" | "secureConnect",
  read: () => T,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    const settle = (result: T | undefined) => {
      socket.destroy();
      resolve(result);
    };
    socket.once(event, () => settle(read()));
    socket.once("error", () => settle(undefined));
    socket.once("timeout", () => settle(undefined));
  });
}

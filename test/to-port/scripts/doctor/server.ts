import { connect as connectSocket, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { connectivityState } from "@grpc/grpc-js";
import type { ClientConfig } from "../../src/client/config.ts";
import { connect } from "../../src/client/connect.ts";
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as HealthStatus,
} from "../../src/gen/runtime/health-client.ts";
import { reason } from "../../src/reason.ts";
import { type Finding, failure, ok, skipped } from "./check.ts";
import { splitAddress } from "./port.ts";

/** What came back from the server that the client is set to call. */
export type Answer =
  | { readonly kind: "nobody listens" }
  | { readonly kind: "health"; readonly serving: boolean; readonly channel: string }
  | { readonly kind: "no answer"; readonly reason: string; readonly serverSpeaksTls: boolean };

/** Asks a running server for its health, over the channel and with the settings of the client. */
export async function callServer(config: ClientConfig): Promise<Answer> {
  const target = { ...splitAddress(config.address), timeout: 1000 };
  if (!(await comes("connect", connectSocket(target)))) return { kind: "nobody listens" };
  try {
    return await askForHealth(config);
  } catch (error) {
    // Whose certificate it is does not matter here, only whether there is one.
    const servername = isIP(target.host) > 0 ? "" : target.host;
    const insecure = { rejectUnauthorized: false, ALPNProtocols: ["h2"], servername };
    const serverSpeaksTls = await comes("secureConnect", connectTls({ ...target, ...insecure }));
    return { kind: "no answer", reason: reason(error), serverSpeaksTls };
  }
}

/** What the answer of `callServer` says. */
export function checkServer({ address, tls }: ClientConfig, answer: Answer): Finding {
  if (answer.kind === "nobody listens") return skipped(`no server at ${address}`);
  if (answer.kind === "health") {
    const { serving, channel } = answer;
    const how = `${tls ? "over" : "without"} TLS, channel ${channel}`;
    if (serving) return ok(`${address} is SERVING ${how}`);
    return failure(`${address} is NOT_SERVING ${how}`, "the server's log says what it lacks");
  }
  const message = `${address} does not answer: ${answer.reason}`;
  if (answer.serverSpeaksTls && tls === undefined) {
    return failure(message, "the server speaks TLS: set CLIENT_CA_FILE");
  }
  if (!answer.serverSpeaksTls && tls !== undefined) {
    return failure(
      message,
      "whoever listens there speaks no TLS: unset CLIENT_CA_FILE, or give the server a certificate",
    );
  }
  return failure(message);
}

async function askForHealth(config: ClientConfig): Promise<Answer> {
  const { channel, close } = await connect([], config);
  try {
    const { status } = await new HealthClient(channel).check({}, { timeoutMs: 2000 });
    const state = connectivityState[channel.getConnectivityState(false)];
    return { kind: "health", serving: status === HealthStatus.SERVING, channel: state };
  } finally {
    close();
  }
}

/** Whether `event` comes before an error or a second of silence. */
function comes(event: "connect" | "secureConnect", socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (came: boolean) => () => {
      socket.destroy();
      resolve(came);
    };
    socket.once(event, settle(true));
    socket.once("error", settle(false));
    socket.once("timeout", settle(false));
  });
}

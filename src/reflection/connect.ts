import {
  type Channel,
  type ChannelCredentials,
  type ChannelOptions,
  connectivityState,
  credentials,
} from "@grpc/grpc-js";
import { createChannel } from "../../runtime/src/client/channel.ts";
import { OpenedSockets } from "../../runtime/src/connect/opened-sockets.ts";
import { GrpcError, textOf } from "../../runtime/src/error.ts";
import { checkIdentity, checksIpTargets } from "../../runtime/src/ip-targets.ts";
import { UsageError } from "../terminal/errors.ts";
import type { ConnectionSettings, TlsSettings } from "./connection-settings.ts";
import { problemOf, readSmallFile } from "./small-file.ts";

/** A connection to a server. */
export interface Connection {
  readonly channel: Channel;
  /** As the user knows it. */
  readonly address: string;
  /** Whether it is TLS. */
  readonly isSecure: boolean;
  readonly waitForReady: boolean;
  /** Aborts when there is no connection in time. Its reason is a GrpcError UNAVAILABLE. */
  readonly timedOut: AbortSignal;
  close(): void;
}

/**
 * Opens a connection; calls need not wait for it.
 *
 * @param maxMessageBytes largest response
 * @throws UsageError for an address or TLS files that cannot be used
 */
export function openConnection(settings: ConnectionSettings, maxMessageBytes: number): Connection {
  const { target, tls, connectTimeoutMs, waitForReady } = settings;
  const sockets = new OpenedSockets();
  const channel = open(settings, {
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": -1,
    // They would keep the start of a stream of requests in memory.
    "grpc.enable_retries": 0,
    "grpc.enable_channelz": 0,
    ...(settings.keepaliveMs !== undefined && { "grpc.keepalive_time_ms": settings.keepaliveMs }),
    ...(settings.authority !== undefined && { "grpc.default_authority": settings.authority }),
    ...(settings.userAgent !== undefined && { "grpc.primary_user_agent": settings.userAgent }),
    ...(tls?.serverName !== undefined && { "grpc.ssl_target_name_override": tls.serverName }),
  });
  const isReady = () => channel.getConnectivityState(false) === connectivityState.READY;
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    if (isReady()) return;
    const text = `no connection to ${target} within ${connectTimeoutMs / 1000} s`;
    timeout.abort(new GrpcError("UNAVAILABLE", text));
  }, connectTimeoutMs);
  return {
    channel,
    address: target,
    isSecure: tls !== undefined,
    waitForReady,
    timedOut: timeout.signal,
    close() {
      clearTimeout(timer);
      const wasReady = isReady();
      channel.close();
      sockets.release(wasReady);
    },
  };
}

function open({ target, tls }: ConnectionSettings, channelOptions: ChannelOptions): Channel {
  const chosen = tls === undefined ? credentials.createInsecure() : secureCredentials(tls);
  try {
    const channel = createChannel(target, { credentials: chosen, channelOptions });
    // Before the first call is ready.
    channel.getConnectivityState(true);
    return channel;
  } catch (error) {
    throw new UsageError(`cannot connect to ${target}: ${textOf(error)}`);
  }
}

function secureCredentials(tls: TlsSettings): ChannelCredentials {
  const { verified, ca, cert, key } = tls;
  const files = [
    ca && verified ? pem(ca) : null,
    key ? pem(key) : null,
    cert ? pem(cert) : null,
  ] as const;
  try {
    const secure = credentials.createSsl(...files, {
      rejectUnauthorized: verified,
      checkServerIdentity: verified ? checkIdentity : () => undefined,
    });
    return checksIpTargets(secure);
  } catch (error) {
    const names = [ca, cert, key].filter((path) => path !== undefined).join(", ");
    throw new UsageError(`cannot use ${names}: ${textOf(error)}`);
  }
}

function pem(path: string): Buffer {
  try {
    return readSmallFile(path);
  } catch (error) {
    throw new UsageError(`${path}: ${problemOf(error)}`);
  }
}

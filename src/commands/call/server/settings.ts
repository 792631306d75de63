import type { ClientConfig } from "../../../../runtime/src/config/client.ts";
import { type Address, isLocal } from "../../../reflection/address.ts";
import {
  type ConnectionSettings,
  defaultConnectTimeoutMs,
} from "../../../reflection/connection-settings.ts";
import type { Host } from "../../../terminal/host.ts";
import type { Project } from "../../project/find-project.ts";
import type { ServerFlags } from "../flags.ts";
import { parseSize, parseTime } from "../quantities.ts";
import { readProjectClient } from "./project-client.ts";
import { projectTlsFiles, readTlsSettings } from "./tls-settings.ts";

/** How to reach the server. */
export interface ServerSettings extends ConnectionSettings {
  /** Milliseconds for the call, and for reading descriptors from the server. Undefined: no limit. */
  readonly timeoutMs: number | undefined;
  /** Largest answer of the server. */
  readonly maxMessageBytes: number;
  /** Settings of the project's own clients, when its server is called. */
  readonly client: ClientConfig | undefined;
}

const defaultTarget = "localhost:50051";

/** Puts together what flags, address and project say. @throws UsageError */
export function readServerSettings(
  flags: ServerFlags,
  address: Address | undefined,
  project: Project | undefined,
  host: Host,
): ServerSettings {
  const config = project && readProjectClient(project, host);
  const target = address?.target ?? config?.address ?? defaultTarget;
  const client = config !== undefined && isOwn(target, config) ? config : undefined;
  const files = project && client?.tls ? projectTlsFiles(project.root, client.tls) : undefined;
  const byDefault = address?.tls ?? (files !== undefined || !isLocal(target));
  const { "keepalive-time": keepalive, "connect-timeout": connectTimeout } = flags;
  const { timeout, "max-message-size": maxSize = "64MiB" } = flags;
  return {
    target,
    tls: readTlsSettings(
      flags,
      { byDefault, byScheme: address?.tls, files: files ?? {} },
      host.cwd,
    ),
    authority: flags.authority,
    userAgent: flags["user-agent"],
    connectTimeoutMs:
      connectTimeout === undefined
        ? defaultConnectTimeoutMs
        : parseTime("--connect-timeout", connectTimeout),
    timeoutMs: timeout === undefined ? undefined : parseTime("--timeout", timeout),
    maxMessageBytes: parseSize("--max-message-size", maxSize),
    waitForReady: flags.wait === true,
    keepaliveMs: keepalive === undefined ? undefined : parseTime("--keepalive-time", keepalive),
    client,
  };
}

/** Whether a target is the project's server: the configured one, or one on this machine. */
function isOwn(target: string, { address }: ClientConfig): boolean {
  return target === address || isLocal(target);
}

import { resolve } from "node:path";
import type { ClientTlsConfig } from "../../../../runtime/src/config/tls.ts";
import type { TlsFiles, TlsSettings } from "../../../reflection/connection-settings.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { ServerFlags } from "../flags.ts";

/** What decides about TLS when no flag does. */
export interface TlsDefaults {
  readonly byDefault: boolean;
  /** What the scheme of the address says. */
  readonly byScheme: boolean | undefined;
  /** Files that the project's settings name. */
  readonly files: TlsFiles;
}

const requiringTls = ["tls", "cacert", "cert", "key", "insecure", "server-name"] as const;

/** The TLS settings of a call; undefined for plain text. @throws UsageError when flags contradict each other */
export function readTlsSettings(
  flags: ServerFlags,
  { byDefault, byScheme, files }: TlsDefaults,
  cwd: string,
): TlsSettings | undefined {
  const requiring = requiringTls.find((name) => flags[name] !== undefined);
  if (flags.plaintext === true) {
    if (requiring !== undefined) {
      throw new UsageError(`--plaintext and --${requiring} exclude each other`);
    }
    if (byScheme === true) throw new UsageError("--plaintext and https:// exclude each other");
    return undefined;
  }
  if (requiring !== undefined && byScheme === false) {
    throw new UsageError(`--${requiring} and http:// exclude each other; write https://`);
  }
  const { cacert, cert, key, insecure = false, "server-name": serverName } = flags;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--cert and --key belong together: give both");
  }
  if (insecure && cacert !== undefined) {
    throw new UsageError("--insecure and --cacert exclude each other");
  }
  if (requiring === undefined && !byDefault) return undefined;
  return {
    ...files,
    ...(cacert !== undefined && { ca: resolve(cwd, cacert) }),
    ...(cert !== undefined && { cert: resolve(cwd, cert) }),
    ...(key !== undefined && { key: resolve(cwd, key) }),
    serverName,
    verified: !insecure,
  };
}

/** The files of a project's client settings, which are relative to its root. */
export function projectTlsFiles(root: string, { ca, identity }: ClientTlsConfig): TlsFiles {
  return {
    ca: resolve(root, ca),
    ...(identity !== undefined && {
      cert: resolve(root, identity.cert),
      key: resolve(root, identity.key),
    }),
  };
}

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Answer, CheckedConfig } from "./inspection.ts";

/** Whether the server that answered is of this project. */
export interface Recognition {
  readonly ours: boolean;
  /** About a server that is not recognized: why not. Follows the name of its process. */
  readonly doubt?: string;
}

/**
 * Recognizes a server by its services, or by the certificate in the settings of this project: a server that
 * refuses the project's clients has shown it before.
 */
export function recognize(
  root: string,
  { tls }: Pick<CheckedConfig, "tls">,
  answer: Answer | undefined,
): Recognition {
  if (answer?.kind === "health") return { ours: answer.ours };
  if (answer?.kind !== "no answer" || answer.certificate === undefined) return { ours: false };
  if (tls === undefined) {
    const doubt = "which uses TLS: set CLIENT_CA_FILE to find out whether it is this server";
    return { ours: false, doubt };
  }
  if (fingerprint(resolve(root, tls.cert)) === answer.certificate) return { ours: true };
  return { ours: false, doubt: "which has another certificate than TLS_CERT_FILE" };
}

/** Of the first certificate in a file; undefined if there is none, which is a finding of another check. */
function fingerprint(path: string): string | undefined {
  try {
    return new X509Certificate(readFileSync(path)).fingerprint256;
  } catch {
    return undefined;
  }
}

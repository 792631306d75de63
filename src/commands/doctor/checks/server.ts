import { type Finding, failure, ok, skipped } from "../finding.ts";
import type { Answer, CheckedConfig } from "../inspection.ts";

/** What the answer of the server at the address that the project's clients call means. */
export function checkServer({ address, tls }: CheckedConfig["client"], answer: Answer): Finding {
  if (answer.kind === "no server") return skipped(`no server is running at ${address}`);
  if (answer.kind === "health") {
    const { serving, ours, channel } = answer;
    if (!ours) {
      return failure(
        `the server at ${address} is not of this project: it has none of its services`,
        "stop it, or set ADDRESS or SERVER_ADDRESS to another address",
      );
    }
    const details = `${tls ? "over" : "without"} TLS, channel ${channel}`;
    if (serving) return ok(`${address} is SERVING ${details}`);
    return failure(`${address} is NOT_SERVING ${details}`, "see the log of the server");
  }
  const message = `${address} does not answer: ${answer.reason}`;
  if (answer.serverUsesTls && tls === undefined) {
    return failure(message, "the server uses TLS: set CLIENT_CA_FILE");
  }
  if (!answer.serverUsesTls && tls !== undefined) {
    return failure(
      message,
      "the server does not use TLS: unset CLIENT_CA_FILE, or give the server a certificate",
    );
  }
  return failure(message);
}

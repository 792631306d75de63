import { type Finding, failure, ok, skipped } from "../finding.ts";
import type { Answer, CheckedConfig } from "../inspection.ts";
import type { Recognition } from "../recognize.ts";

type Config = Pick<CheckedConfig, "tls" | "client">;

/** What the answer of the server at the address that the project's clients call means. */
export function checkServer(config: Config, answer: Answer, recognition: Recognition): Finding {
  const { address, tls } = config.client;
  if (answer.kind === "no server") return skipped(`no server is running at ${address}`);
  if (answer.kind === "no answer") {
    return failure(
      `${address} does not answer: ${answer.reason}`,
      tlsRemedy(config, answer.certificate !== undefined, recognition),
    );
  }
  if (!recognition.ours) {
    return failure(
      `the server at ${address} is not of this project: it has none of its services`,
      "stop it, or set ADDRESS or SERVER_ADDRESS to another address",
    );
  }
  const details = `${tls ? "over" : "without"} TLS, channel ${answer.channel}`;
  if (answer.serving) return ok(`${address} is SERVING ${details}`);
  return failure(`${address} is NOT_SERVING ${details}`, "see the log of the server");
}

/** What the server requires and the settings of clients lack, or the reverse. */
function tlsRemedy(
  { tls, client }: Config,
  serverUsesTls: boolean,
  { ours }: Recognition,
): string | undefined {
  if (!serverUsesTls) {
    if (client.tls === undefined) return undefined;
    return "the server does not use TLS: unset CLIENT_CA_FILE, or give the server a certificate";
  }
  const needsCa = client.tls === undefined;
  // Known only of a server that runs with these settings.
  const needsIdentity = ours && tls?.clientCa !== undefined && client.tls?.identity === undefined;
  const identity = "CLIENT_CERT_FILE and CLIENT_KEY_FILE";
  if (needsCa && needsIdentity) {
    return `the server uses TLS and requires a client certificate: set CLIENT_CA_FILE, ${identity}`;
  }
  if (needsCa) return "the server uses TLS: set CLIENT_CA_FILE";
  if (needsIdentity) return `the server requires a client certificate: set ${identity}`;
  return undefined;
}

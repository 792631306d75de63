import { isIP } from "node:net";
import { checkServerIdentity, type PeerCertificate } from "node:tls";
import type { ChannelCredentials, ChannelOptions } from "@grpc/grpc-js";

/**
 * grpc-js names the target as the TLS server name, also when the target is an IP address. RFC 6066
 * (section 3) does not allow that, and Node 26 throws. So a channel to an IP address gets a stand-in
 * server name, and its credentials check the certificate against the address.
 */
const standIn = /^ip-([0-9a-f]+)\.invalid$/;

const checkingCredentials = new WeakSet<ChannelCredentials>();

/** Marks credentials that check certificates with `checkIdentity`. */
export function checksIpTargets(credentials: ChannelCredentials): ChannelCredentials {
  checkingCredentials.add(credentials);
  return credentials;
}

/** Node's check, against the IP address if the server name stands for one. */
export function checkIdentity(serverName: string, certificate: PeerCertificate): Error | undefined {
  const [, encoded] = standIn.exec(serverName) ?? [];
  const host = encoded === undefined ? serverName : Buffer.from(encoded, "hex").toString();
  return checkServerIdentity(host, certificate);
}

/**
 * Options for a channel to an IP address; none for other hosts, and none with credentials that do
 * not check the address.
 */
export function ipTargetOptions(
  host: string | undefined,
  credentials: ChannelCredentials,
): ChannelOptions {
  if (host === undefined || isIP(host) === 0 || !checkingCredentials.has(credentials)) return {};
  const encoded = Buffer.from(host).toString("hex");
  return { "grpc.ssl_target_name_override": `ip-${encoded}.invalid` };
}

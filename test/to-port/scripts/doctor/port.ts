import { createServer } from "node:net";
import { reason } from "../../src/reason.ts";
import { type Finding, failure, ok, skipped } from "./check.ts";
import { portOwner } from "./port-owner.ts";

/**
 * Whether a server could listen on `address`, and if not, who does.
 *
 * @param variable where the address comes from
 * @param ours whether that is the server of this project, which is as it should be.
 */
export async function checkPort(
  variable: string,
  address: string,
  ours: boolean,
): Promise<Finding> {
  const { host, port } = splitAddress(address);
  if (port === 0) return skipped(`${address} takes whatever port is free`);
  const error = await tryToListen(host, port);
  if (error === undefined) return ok(`${address} is free`);
  if (error.code !== "EADDRINUSE") return failure(`cannot listen on ${address}: ${reason(error)}`);
  const owner = (await portOwner(port)) ?? "a process that this user cannot see";
  if (ours) return ok(`${address} is held by this server: ${owner}`);
  return failure(`${address} is held by ${owner}`, `stop it, or set ${variable} to another port`);
}

/** `host:port`; an IPv6 host stands in brackets and loses them. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
  return { host, port: Number(address.slice(colon + 1)) };
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

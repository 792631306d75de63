import { createServer } from "node:net";
import { reason } from "../../project/reason.ts";
import { splitAddress } from "../address.ts";
import { type Finding, failure, ok, skipped } from "../finding.ts";
import type { Recognition } from "../recognize.ts";
import { portOwner } from "./port-owner.ts";

/**
 * Checks that a server could listen on `address`; names the process that prevents it.
 *
 * @param variable the setting that `address` comes from
 * @param recognition of the server that is running there
 */
export async function checkPort(
  variable: string,
  address: string,
  { ours, doubt }: Recognition,
): Promise<Finding> {
  const { host, port } = splitAddress(address);
  if (port === 0) return skipped(`${address} takes any free port`);
  const error = await tryToListen(host, port);
  if (error === undefined) return ok(`${address} is free`);
  if (error.code !== "EADDRINUSE") return failure(`cannot listen on ${address}: ${reason(error)}`);
  const owner = (await portOwner(port)) ?? "a process of another user";
  if (ours) return ok(`${address} is in use by this server: ${owner}`);
  const known = doubt === undefined ? owner : `${owner}, ${doubt}`;
  return failure(`${address} is in use by ${known}`, `stop it, or set ${variable} to another port`);
}

function tryToListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

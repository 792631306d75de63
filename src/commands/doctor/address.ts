import { lookup } from "node:dns/promises";
import { networkInterfaces } from "node:os";

/** Host and port of `host:port`. An IPv6 host stands in brackets, which are removed. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[|\]$/g, "");
  return { host, port: Number(address.slice(colon + 1)) };
}

/** Whether calls to `called` can arrive at a server on this machine that listens on `listening`. */
export async function reaches(called: string, listening: string): Promise<boolean> {
  const [target, server] = [splitAddress(called), splitAddress(listening)];
  if (target.port !== server.port) return false;
  const [targets, own] = await Promise.all([ipAddresses(target.host), ipAddresses(server.host)]);
  if (own.some(isWildcard)) return targets.some(isOfThisMachine);
  // A call to a wildcard address goes to the loopback address.
  return targets.some((ip) => own.includes(ip) || (isWildcard(ip) && own.some(isLoopback)));
}

/** Empty for an unknown host. */
async function ipAddresses(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.map(({ address }) => address);
}

function isOfThisMachine(ip: string): boolean {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return isWildcard(ip) || isLoopback(ip) || interfaces.some(({ address }) => address === ip);
}

function isWildcard(ip: string): boolean {
  return ip === "0.0.0.0" || ip === "::";
}

function isLoopback(ip: string): boolean {
  return ip === "::1" || ip.startsWith("127.");
}

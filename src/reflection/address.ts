import { isIPv6 } from "node:net";
import { isLoopback } from "../../runtime/src/address.ts";
import { hostsOf } from "../../runtime/src/client/target.ts";
import { UsageError } from "../terminal/errors.ts";

/** A server as it was named. */
export interface Address {
  /** As grpc-js takes it. */
  readonly target: string;
  /** What the scheme of a URL says about TLS; undefined without one. */
  readonly tls?: boolean;
}

/** Arguments of a command, with the address taken off. */
export interface SplitArguments {
  readonly address: Address | undefined;
  readonly rest: readonly string[];
}

/**
 * Takes the address off the arguments, if the first one is one: `host:port`, `:port`, a target with a
 * scheme, or a URL, whose path is the next argument.
 *
 * @throws UsageError for a malformed one
 */
export function splitArguments([first = "", ...rest]: readonly string[]): SplitArguments {
  if (first === "") return { address: undefined, rest };
  const [, scheme, host = "", path = ""] = urlForm.exec(first) ?? [];
  if (scheme !== undefined && !isTargetScheme(scheme)) {
    return {
      address: urlAddress(first, scheme.toLowerCase(), host),
      rest: path === "" ? rest : [path, ...rest],
    };
  }
  if (/^(?:unix|dns|ipv4|ipv6):/.test(first)) return { address: { target: first }, rest };
  const isAddress = /^[^/\s{"]*:[^/\s{"]*$/.test(first) || /^\[[^/\s{"]*\]$/.test(first);
  if (isAddress) return { address: { target: targetOf(first) }, rest };
  if (/^[^/\s{"]+$/.test(first) && /^[\w.]+\/\w+$/.test(rest[0] ?? "")) throw noPort(first);
  return { address: undefined, rest: [first, ...rest] };
}

/** Whether a target is reached without leaving this machine. */
export function isLocal(target: string): boolean {
  return hostsOf(target).every(isLoopback);
}

const urlForm = /^([a-z][a-z\d+.-]*):\/\/([^/]*)(?:\/(.*))?$/i;

/** Schemes of grpc-js. */
function isTargetScheme(scheme: string): boolean {
  return ["unix", "dns", "ipv4", "ipv6"].includes(scheme);
}

function urlAddress(url: string, scheme: string, host: string): Address {
  if (scheme !== "http" && scheme !== "https") {
    throw refused(url, "a URL starts with https:// or, for plain text, http://");
  }
  if (host === "") throw refused(url, "the host is missing");
  const tls = scheme === "https";
  const hasPort = /:[^:\]]*$/.test(host) && !isIPv6(host);
  return { target: targetOf(hasPort || isIPv6(host) ? host : `${host}:${tls ? 443 : 80}`), tls };
}

/** `host:port` with a host; no host is this machine. */
function targetOf(text: string): string {
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, colon);
  if (text.endsWith("]")) throw noPort(text);
  if (isIPv6(text) || host.replace(/^\[.*\]$/, "").includes(":")) {
    throw refused(text, "write an IPv6 address in brackets, such as [::1]:50051");
  }
  if (colon === text.length - 1) throw noPort(host);
  if (/^\[.*\]$/.test(host) && !isIPv6(host.slice(1, -1))) {
    throw refused(text, `${host.slice(1, -1)} is not an IPv6 address`);
  }
  const port = text.slice(colon + 1);
  if (!/^\d+$/.test(port)) throw refused(text, `the port must be a number, not ${port}`);
  if (Number(port) < 1 || Number(port) > 65535) {
    throw refused(text, "the port must be from 1 to 65535");
  }
  return host === "" ? `localhost${text}` : text;
}

function noPort(host: string): UsageError {
  return refused(host, `the port is missing, as in ${host}:50051`);
}

function refused(text: string, problem: string): UsageError {
  return new UsageError(`${text} is not an address: ${problem}`);
}

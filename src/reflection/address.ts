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
  const url = /^(https?):\/\/([^/]+)(?:\/(.*))?$/i.exec(first);
  if (url !== null) {
    const [, scheme = "", host = "", path = ""] = url;
    const tls = scheme.toLowerCase() === "https";
    const target = /:\d+$/.test(host) ? host : `${host}:${tls ? 443 : 80}`;
    return {
      address: { target: checked(target), tls },
      rest: path === "" ? rest : [path, ...rest],
    };
  }
  if (/^(?:unix|dns|ipv4|ipv6):/.test(first)) return { address: { target: first }, rest };
  if (/^:\d+$/.test(first)) return { address: { target: checked(`localhost${first}`) }, rest };
  if (!/^[^/\s{"]+:\d+$/.test(first)) {
    return { address: undefined, rest: first === "" ? rest : [first, ...rest] };
  }
  return { address: { target: checked(first) }, rest };
}

/** Whether a target is reached without leaving this machine. */
export function isLocal(target: string): boolean {
  return hostsOf(target).every(isLoopback);
}

function checked(target: string): string {
  const port = Number(/:(\d+)$/.exec(target)?.[1]);
  if (port >= 1 && port <= 65535) return target;
  throw new UsageError(`${target} is not an address: the port must be from 1 to 65535`);
}

import { isLoopback } from "../address.ts";

/**
 * The hosts that a target of grpc-js names, without brackets: one for `host:port` and
 * `dns:///host:port`, several for `ipv4:` and `ipv6:` lists, none for a Unix socket.
 */
export function hostsOf(target: string): string[] {
  return endpointsOf(target).map(
    (endpoint) => /^\[(.*)\](?::\d+)?$/.exec(endpoint)?.[1] ?? bare(endpoint),
  );
}

/** The ports that grpc-js connects to for a target: one per host. Without a port in the target it is 443. */
export function portsOf(target: string): number[] {
  return endpointsOf(target).map((endpoint) =>
    Number(/^(?:\[.*\]|[^:]*):(\d+)$/.exec(endpoint)?.[1] ?? 443),
  );
}

/** Whether a target is reached without leaving this machine. */
export function isLocalTarget(target: string): boolean {
  return hostsOf(target).every(isLoopback);
}

/** An IPv6 address without brackets has several colons, and no port. */
function bare(endpoint: string): string {
  return /^[^:]*:\d+$/.test(endpoint) ? endpoint.replace(/:\d+$/, "") : endpoint;
}

function endpointsOf(target: string): string[] {
  if (target.startsWith("unix:")) return [];
  return target.replace(/^(?:dns|ipv4|ipv6):(?:\/\/[^/]*\/)?/, "").split(",");
}

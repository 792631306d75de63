import { isLoopback } from "../config/env-reader.ts";
import type { Connection } from "./connect.ts";

const flag = "--anywhere";

/**
 * Whether the demo client may make its calls, which create, change and delete: on this machine it
 * may, and elsewhere only with `--anywhere`. When it may not, it prints what it would call.
 */
export function mayCall(
  { address, services }: Pick<Connection, "address" | "services">,
  args: readonly string[] = process.argv,
  print: (line: string) => void = console.error,
): boolean {
  if (isLoopback(address.replace(/:\d+$/, "")) || args.includes(flag)) return true;
  print(`${address} is not this machine, so nothing was called. With ${flag} this would be:`);
  for (const service of services) {
    for (const { path } of Object.values(service)) print(`  ${path.slice(1)}`);
  }
  return false;
}

import { hostOf, isLoopback } from "../address.ts";
import type { Connection } from "./connect.ts";

const flag = "--anywhere";

/**
 * Whether a demo client may make its calls, which can create, change and delete. It may on this machine,
 * and elsewhere with the flag `--anywhere` only. If it may not, it prints the calls.
 */
export function mayCall(
  { address, services }: Pick<Connection, "address" | "services">,
  args: readonly string[] = process.argv,
  print: (line: string) => void = console.error,
): boolean {
  if (isLoopback(hostOf(address)) || args.includes(flag)) return true;
  print(`${address} is not this machine. Nothing was called. With ${flag} this would be called:`);
  for (const service of services) {
    for (const { path } of Object.values(service)) print(`  ${path.slice(1)}`);
  }
  return false;
}

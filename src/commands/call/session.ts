import type { Address } from "../../reflection/address.ts";
import type { Schema } from "../../reflection/schema.ts";
import type { Host } from "../../terminal/host.ts";
import { projectAround } from "../project/find-project.ts";
import type { ServerFlags } from "./flags.ts";
import { openSchema } from "./schema/open-schema.ts";
import { readServerSettings } from "./server/settings.ts";

/**
 * Runs `use` on the descriptors that `list` and `describe` show: those that were given, of the project, or
 * of the server. Only then is a connection made.
 *
 * @returns 0, or the number of the status with which the server was not asked
 */
export async function withSchema(
  flags: ServerFlags,
  address: Address | undefined,
  host: Host,
  use: (schema: Schema) => Promise<void>,
): Promise<number> {
  const project = projectAround(host.cwd);
  const server = readServerSettings(flags, address, project, host);
  // A server that was named is asked, unless protos were given.
  const ask = address !== undefined && flags.proto === undefined;
  const sources = await openSchema(ask ? { ...flags, reflect: true } : flags, project, false, host);
  if (sources.local !== undefined && !sources.reflection) {
    await use(sources.local);
    return 0;
  }
  const { useReflection } = await import("./use-reflection.ts");
  return useReflection(flags, server, host, sources, use);
}

import type { Host } from "../../terminal/host.ts";
import { readArguments } from "./arguments.ts";
import type { ServerFlags } from "./flags.ts";
import { allServices, findService, pathOf } from "./schema/find-method.ts";
import { withSchema } from "./session.ts";

/** What the user typed after `list`. */
export interface ListInput {
  readonly flags: ServerFlags & { readonly methods?: boolean | undefined };
  readonly arguments: readonly string[];
}

/** Prints the names of services, or of methods, a line each. */
export async function list({ flags, arguments: args }: ListInput, host: Host): Promise<number> {
  const { address, rest } = readArguments("list", args, 1);
  const [name] = rest;
  return withSchema(flags, address, host, async (schema) => {
    const print = (lines: readonly string[]) => {
      for (const line of lines) host.print(`${line}\n`);
    };
    if (name === undefined && flags.methods !== true) return print(await schema.serviceNames());
    const found =
      name === undefined ? await allServices(schema) : [await findService(schema, name)];
    print(found.flatMap(({ service }) => service.methods.map(pathOf)));
  });
}

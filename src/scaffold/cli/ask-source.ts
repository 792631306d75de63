import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import { inspectInput } from "../protos/inputs.ts";
import type { Catalog, Manifest } from "../templates/manifests.ts";
import type { Options } from "./options.ts";
import { ask, complaint } from "./prompt.ts";

/** The source of the service: protos of the user, or a starter. */
export interface Source {
  readonly proto: readonly string[];
  /** Name, or "". */
  readonly starter: string;
}

export function hasSource({ proto, starter }: Pick<Options, "proto" | "starter">): boolean {
  return proto.length > 0 || starter !== undefined;
}

/** @throws UsageError for an unknown starter. */
export async function askSource(
  options: Options,
  host: Host,
  asking: boolean,
  { starters }: Pick<Catalog, "starters">,
): Promise<Source> {
  const { proto, starter } = options;
  const names = starters.map(({ name }) => name);
  if (starter !== undefined) checkStarter(names, starter);
  if (hasSource(options)) return { proto, starter: starter ?? "" };
  const chosen = asking
    ? await ask<string>(host, {
        type: "select",
        name: "answer",
        message: "Start from",
        choices: [
          ...starters.map(({ title, name }) => ({ title, value: name })),
          { title: "a proto of my own", value: "" },
        ],
        initial: starters.indexOf(defaultStarter(starters)),
      })
    : defaultStarter(starters).name;
  return chosen === ""
    ? { proto: [await askProto(options, host)], starter: "" }
    : { proto: [], starter: chosen };
}

/** The starter that is used without a prompt. @throws Error if no manifest is the default */
export function defaultStarter(starters: readonly Manifest[]): Manifest {
  const found = starters.find(({ isDefault }) => isDefault);
  if (found === undefined) throw new Error("templates/starters: no manifest has default: true");
  return found;
}

function askProto({ importPaths }: Options, host: Host): Promise<string> {
  return ask<string>(host, {
    type: "text",
    name: "answer",
    message: "Path to the .proto file, folder or descriptor set",
    validate: (answer: string) =>
      complaint(host, async () => {
        if (answer.trim() === "") throw new UsageError("enter a path to a .proto file");
        await inspectInput(answer, host.cwd, "");
        // Check here: after a later error, the user would have to answer all prompts again.
        const { compileInputs } = await import("../protos/compile.ts");
        const { cwd, signal } = host;
        await compileInputs({ proto: [answer], importPaths, cwd, signal });
      }),
  });
}

function checkStarter(names: readonly string[], starter: string): void {
  if (names.includes(starter)) return;
  const near = nearest(starter, names);
  const hint = near === undefined ? `available: ${names.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`no starter "${printable(starter)}"; ${hint}`);
}

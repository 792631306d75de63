import type { DescMethod, FileRegistry } from "@bufbuild/protobuf";
import type { Address } from "../../reflection/address.ts";
import type { Schema } from "../../reflection/schema.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { readArguments } from "./arguments.ts";
import { type Example, exampleJson } from "./example.ts";
import type { ServerFlags } from "./flags.ts";
import { takesStream } from "./method-kinds.ts";
import { allServices, findMethod, pathOf } from "./schema/find-method.ts";
import { type Described, protoText } from "./schema/proto-text.ts";
import { UnknownNameError } from "./schema/unknown-name.ts";
import { withSchema } from "./session.ts";

/** What the user typed after `describe`. */
export interface DescribeInput {
  readonly flags: ServerFlags;
  readonly arguments: readonly string[];
}

/** Prints a symbol as proto. For a method, with its messages and the command that calls it. */
export async function describe(
  { flags, arguments: args }: DescribeInput,
  host: Host,
): Promise<number> {
  const { address, rest } = readArguments("describe", args, 1);
  const [name] = rest;
  return withSchema(flags, address, host, async (schema) => {
    if (name === undefined) {
      const services = await allServices(schema);
      host.print(services.map(({ service }) => protoText(service)).join("\n"));
      return;
    }
    const { symbol, registry } = await findSymbol(schema, name);
    host.print(protoText(symbol));
    if (symbol.kind === "rpc") host.print(await methodNotes(symbol, registry, address));
    if (symbol.kind === "message") {
      host.print(example(await exampleJson(symbol, registry), (json) => json));
    }
  });
}

async function methodNotes(
  method: DescMethod,
  registry: FileRegistry,
  address: Address | undefined,
): Promise<string> {
  const { input, output } = method;
  const messages = input.typeName === output.typeName ? [input] : [input, output];
  const place = address === undefined ? [] : [shellWord(address.target)];
  const words = ["grpc-service call", ...place, pathOf(method)].join(" ");
  const command = (json: string) =>
    takesStream(method) ? `echo ${quoted(json)} | ${words}` : `${words} ${quoted(json)}`;
  const declarations = messages.map(protoText).join("\n");
  return `\n${declarations}${example(await exampleJson(input, registry), command)}`;
}

function example(found: Example, show: (json: string) => string): string {
  return "json" in found
    ? `\nExample\n  ${show(printable(found.json))}\n`
    : `\nNo example: ${printable(found.problem)}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

interface FoundSymbol {
  readonly symbol: Described;
  readonly registry: FileRegistry;
}

async function findSymbol(schema: Schema, text: string): Promise<FoundSymbol> {
  const byName = await typeNamed(schema, text.replace(/^\./, ""));
  if (byName !== undefined) return byName;
  const names = await schema.symbols();
  const [name, ...others] = names.filter((full) => full.endsWith(`.${text}`));
  if (others.length > 0) {
    throw new UsageError(`several names end with ${text}; give more of it:`, [
      name ?? "",
      ...others,
    ]);
  }
  const byEnd = name === undefined ? undefined : await typeNamed(schema, name);
  if (byEnd !== undefined) return byEnd;
  if (/[./]/.test(text)) {
    const { method, registry } = await findMethod(schema, text);
    return { symbol: method, registry };
  }
  return findMethod(schema, text).then(
    ({ method, registry }) => ({ symbol: method, registry }),
    () => {
      const near = nearest(text, names);
      const hint = near === undefined ? "" : `; did you mean ${near}?`;
      throw new UnknownNameError(`unknown symbol ${text} in ${schema.origin}${hint}`);
    },
  );
}

async function typeNamed(schema: Schema, name: string): Promise<FoundSymbol | undefined> {
  const registry = await schema.find(name);
  const symbol = registry?.get(name);
  if (registry === undefined || symbol === undefined || symbol.kind === "extension")
    return undefined;
  return { symbol, registry };
}

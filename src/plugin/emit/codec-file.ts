import type { DescMessage } from "@bufbuild/protobuf";
import type { Schema, Target } from "@bufbuild/protoplugin";
import type { CodecFile } from "../codec/codec-plan.ts";
import { type CodecPlans, codecPath, codecPlans } from "../codec/codec-plans.ts";
import type { CodecSource } from "../codec/codec-source.ts";
import { type CodecFunction, codecFunctions } from "../codec/print-codec.ts";
import { descriptorName, shapeName } from "../message-names.ts";
import { type ImportPathOf, messagePaths } from "../model.ts";
import { outputPath } from "../names.ts";
import type { Parameters } from "../parameters.ts";
import type { Emitter } from "./emitter.ts";
import { extensions, printSource, type Source } from "./source.ts";

/** Generates `*_codec`: functions that encode and decode the messages of the services. */
export const codecFiles: Emitter = {
  needs: { fields: true, comments: "none" },
  emit(schema, target) {
    const plans = codecPlans(schema);
    const pathOf = messagePaths(schema.files);
    for (const plan of plans.values()) emitFile({ schema, target, plan, plans, pathOf });
  },
};

interface Emission {
  readonly schema: Schema<Parameters>;
  readonly target: Target;
  readonly plan: CodecFile;
  readonly plans: CodecPlans;
  readonly pathOf: ImportPathOf;
}

function emitFile(emission: Emission): void {
  const { schema, target, plan } = emission;
  const path = `${outputPath(plan.file.name, "codec")}${extensions[target]}`;
  const file = schema.generateFile(path);
  file.preamble(plan.file);
  const names = [...plan.messages.values()].flatMap(({ bound, write, read, init }) => {
    return [bound, write, read, init];
  });
  const reserved = [...names, ...plan.codecs.values()];
  printSource({ path, file, target, reserved }, schema, (source) => emitCodecs(source, emission));
}

function emitCodecs(source: Source, emission: Emission): void {
  const { plan, target, pathOf } = emission;
  const own = codecSource(source, emission);
  for (const [message, names] of plan.messages) {
    const { functions, reason } = codecFunctions(message, names, own);
    source.print(`// ${message.typeName}${reason === undefined ? "" : `, by protobuf-es: ${reason}`}`);
    if (target !== "js") {
      source.print(`type ${names.init} = `, source.initType(modelOf(message, pathOf)), ";");
    }
    for (const each of functions) {
      source.printLines(functionLines(each, target, names.isExported));
    }
    source.print();
  }
  for (const [message, name] of plan.codecs) emitCodec(source, own, message, name, target);
}

function codecSource(source: Source, { plan, plans, pathOf }: Emission): CodecSource {
  return {
    helper: (name) => source.runtime(name, "codec"),
    helperType: (name) => source.runtimeType(name, "codec"),
    create: () => source.value("create", "@bufbuild/protobuf"),
    shape: (message) => source.shape(modelOf(message, pathOf)),
    type: (code) => (source.target === "js" ? "" : code),
    schema: (desc) => source.value(descriptorName(desc), pathOf(desc.file)),
    part(part, message) {
      const here = plan.messages.get(message);
      if (here !== undefined) return here[part];
      const there = plans.get(message.file)?.messages.get(message);
      if (there === undefined) throw new Error(`no codec for ${message}`);
      return source.value(there[part], codecPath(message.file));
    },
  };
}

const modelOf = (message: DescMessage, pathOf: ImportPathOf) => ({
  typeName: message.typeName,
  name: shapeName(message),
  schemaName: descriptorName(message),
  importPath: pathOf(message.file),
});

function functionLines(
  { name, parameters, result, statements }: CodecFunction,
  target: Target,
  isExported: boolean,
): string[] {
  if (target === "dts" && !isExported) return [];
  const typed = (code: string, type: string) => (target === "js" ? code : `${code}: ${type}`);
  const list = parameters.map(([parameter, type]) => typed(parameter, type));
  const head = `${isExported ? "export " : ""}${target === "dts" ? "declare " : ""}function ${name}`;
  const end = `${typed(")", result)}${target === "dts" ? ";" : " {"}`;
  const line = `${head}(${list.join(", ")}${end}`;
  const signature =
    line.length <= 100 ? [line] : [`${head}(`, ...list.map((each) => `  ${each},`), end];
  return target === "dts" ? signature : [...signature, ...statements.map((each) => `  ${each}`), "}"];
}

function emitCodec(
  source: Source,
  own: CodecSource,
  message: DescMessage,
  name: string,
  target: Target,
): void {
  const schema = own.schema(message);
  const type = own.type(`: ${source.runtimeType("Codec", "codec")}<typeof ${schema}>`);
  if (target === "dts") {
    source.print(`export declare const ${name}${type};`);
    return;
  }
  const parts = (["bound", "write", "read"] as const).map((part) => {
    return `  ${part}: ${own.part(part, message)},`;
  });
  const head = `export const ${name}${type} = ${own.helper("compiledCodec")}(${schema}, {`;
  source.printLines([head, ...parts, "});"]);
}

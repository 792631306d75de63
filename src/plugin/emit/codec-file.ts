import type { DescMessage } from "@bufbuild/protobuf";
import type { Schema, Target } from "@bufbuild/protoplugin";
import type { Doc } from "../../print/doc.ts";
import { assignment, call, signature, typeArguments } from "../../print/syntax.ts";
import type { CodecFile } from "../codec/codec-plan.ts";
import { codecPlans } from "../codec/codec-plans.ts";
import type { CodecSource } from "../codec/codec-source.ts";
import { type CodecFunction, codecFunctions } from "../codec/print-codec.ts";
import { descriptorName } from "../message-names.ts";
import { type ImportPathOf, type MessageModel, messageModel, messagePaths } from "../model.ts";
import { outputPath } from "../names.ts";
import { once } from "../once.ts";
import type { Parameters } from "../parameters.ts";
import type { Emitter } from "./emitter.ts";
import { extensions, printSource, type Source } from "./source.ts";

/** Generates `*_codec`: functions that encode and decode the messages of the services. */
export const codecFiles: Emitter = {
  needs: { fields: true, comments: "none" },
  emit(schema, target) {
    const pathOf = messagePaths(schema.files);
    const modelOf = once((message: DescMessage) => messageModel(message, pathOf));
    for (const plan of codecPlans(schema).values()) {
      emitFile({ schema, target, plan, pathOf, modelOf });
    }
  },
};

interface Emission {
  readonly schema: Schema<Parameters>;
  readonly target: Target;
  readonly plan: CodecFile;
  readonly pathOf: ImportPathOf;
  readonly modelOf: (message: DescMessage) => MessageModel;
}

function emitFile(emission: Emission): void {
  const { schema, target, plan } = emission;
  const path = `${outputPath(plan.file.name, "codec")}${extensions[target]}`;
  const file = schema.generateFile(path);
  file.preamble(plan.file);
  const names = [...plan.messages.values()].flatMap(({ write, read, init }) => {
    return [write, read, init];
  });
  const reserved = [...names, ...plan.codecs.values()];
  file.print("// Encodes and decodes the messages of *_grpc, faster than by their descriptors.");
  file.print();
  printSource({ path, file, target, reserved }, schema, (source) => emitCodecs(source, emission));
}

function emitCodecs(source: Source, emission: Emission): void {
  const { plan, target, modelOf } = emission;
  const own = codecSource(source, emission);
  if (target !== "dts") {
    for (const [message, names] of plan.messages) {
      const { functions, reason } = codecFunctions(message, names, own);
      const about = reason === undefined ? "" : `, by protobuf-es: ${reason}`;
      source.print(`// ${message.typeName}${about}`);
      if (target === "ts") {
        source.print(`type ${names.init} = `, source.initType(modelOf(message)), ";");
      }
      for (const each of functions) emitFunction(source, each);
      source.print();
    }
  }
  for (const [message, name] of plan.codecs) emitCodec(source, own, message, name);
}

function codecSource(source: Source, { plan, pathOf, modelOf }: Emission): CodecSource {
  return {
    helper: (name) => source.runtime(name, "codec"),
    helperType: (name) => source.runtimeType(name, "codec"),
    create: () => source.value("create", "@bufbuild/protobuf"),
    shape: (message) => source.shape(modelOf(message)),
    type: (code) => (source.target === "js" ? "" : code),
    schema(desc) {
      const name = descriptorName(desc);
      const path = pathOf(desc.file);
      return source.target === "dts" ? source.typeOf(name, path) : source.value(name, path);
    },
    part(part, message) {
      const names = plan.messages.get(message);
      if (names === undefined) throw new Error(`no codec for ${message}`);
      return names[part];
    },
  };
}

function emitFunction(
  source: Source,
  { name, parameters, result, statements }: CodecFunction,
): void {
  const typed = (code: string, type: string): Doc => [code, source.type([": ", type])];
  const list = parameters.map(([parameter, type]) => typed(parameter, type));
  source.print(signature(`function ${name}`, list, source.type([": ", result])), " {");
  source.printLines([...statements.map((each) => `  ${each}`), "}"]);
}

function emitCodec(source: Source, own: CodecSource, message: DescMessage, name: string): void {
  const schema = own.schema(message);
  const left = `export ${source.target === "dts" ? "declare " : ""}const ${name}`;
  const type = source.type([": ", typeArguments(own.helperType("Codec"), `typeof ${schema}`)]);
  if (source.target === "dts") {
    source.print(left, type, ";");
    return;
  }
  const functions = (["write", "read"] as const).map((part) => own.part(part, message));
  const codec = call(own.helper("compiledCodec"), schema, ...functions);
  source.print(assignment([left, type], codec), ";");
}

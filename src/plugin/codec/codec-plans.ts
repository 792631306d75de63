import type { DescFile } from "@bufbuild/protobuf";
import type { Schema } from "@bufbuild/protoplugin";
import { outputPath } from "../names.ts";
import { once } from "../once.ts";
import type { Parameters } from "../parameters.ts";
import { type CodecFile, planCodecs } from "./codec-plan.ts";

/** The codec files of a request, by proto. */
export type CodecPlans = ReadonlyMap<DescFile, CodecFile>;

/** Planned once per request, for all targets and emitters. Empty if protobuf-es encodes all messages. */
export const codecPlans: (schema: Schema<Parameters>) => CodecPlans = once(
  plan,
  new WeakMap<Schema<Parameters>, CodecPlans>(),
);

function plan({ files, options }: Schema<Parameters>): CodecPlans {
  if (options.codec === "reflect") return new Map();
  const plans = files.flatMap((file) => planCodecs(file) ?? []);
  return new Map(plans.map((each) => [each.file, each]));
}

/** Module with the codecs of a proto file, relative to the output root. */
export function codecPath({ name }: DescFile): string {
  return `./${outputPath(name, "codec")}.js`;
}

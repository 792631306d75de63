import { stat } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import { table } from "../../tooling/table.ts";
import type { Section } from "../goals.ts";
import type { Run } from "./run.ts";

/** Printed codecs beside the messages that protoc-gen-es prints. */
export async function benchSize({ printed }: Run): Promise<Section> {
  const example = join(packageRoot(), "examples", "user-service", "src", "gen");
  const rows = [
    await sizes("the user starter", join(example, "user")),
    await sizes("fixtures.proto", join(printed, "fixtures")),
  ];
  return {
    title: "Printed code in bytes",
    table: table(
      ["", "_pb.ts", "_codec.ts", "x _pb.ts"],
      rows.map(({ name, messages, codecs }) => {
        return [name, `${messages}`, `${codecs}`, (codecs / messages).toFixed(2)];
      }),
    ),
    goals: rows.map(({ name, messages, codecs }) => ({
      what: `size of codecs, ${name}: messages`,
      measured: codecs / messages,
      most: 2.5,
    })),
  };
}

async function sizes(name: string, path: string) {
  const [messages, codecs] = await Promise.all([stat(`${path}_pb.ts`), stat(`${path}_codec.ts`)]);
  return { name, messages: messages.size, codecs: codecs.size };
}

import { packageRoot } from "../../src/package-root.ts";
import { run } from "../../tooling/packed/commands.ts";

const templates = [
  "protos/buf.gen.yaml",
  "test/interop/proto/buf.gen.yaml",
  "test/runtime/proto/buf.gen.yaml",
  "test/commands/call/proto/buf.gen.yaml",
];

/** Folders that hold generated code of this repository, relative to its root. */
export const generatedFolders = [
  "runtime/src/rpc",
  "test/interop/gen",
  "test/runtime/gen",
  "test/commands/call/gen",
];

/** Generates the code that this repository itself uses, below `output`. */
export async function generateProtos(output: string): Promise<void> {
  for (const template of templates) {
    await run("node_modules/.bin/buf", ["generate", "--template", template, "--output", output], {
      cwd: packageRoot(),
    });
  }
}

import { join } from "node:path";
import { readIfPresent } from "../../scaffold/disk/plan.ts";
import type { Target } from "../../scaffold/disk/target.ts";
import { writeChanges } from "../../scaffold/disk/write.ts";
import { parseGenConfig } from "../../scaffold/generation/gen-config.ts";
import { generate } from "../../scaffold/generation/generate.ts";
import { machineChanges, presentGenerated } from "../../scaffold/update/machine-files.ts";
import { compileProjectProtos } from "../../scaffold/update/project-protos.ts";
import type { Host } from "../../terminal/host.ts";

/** Generates src/gen of a project from its protos with this version, and changes nothing else. */
export async function generateCode(root: string, host: Host): Promise<void> {
  const target: Target = { path: root, shown: ".", kind: "ours" };
  const text = (await readIfPresent(join(root, "buf.gen.yaml")))?.toString() ?? "";
  const config = parseGenConfig(text);
  const { compiled, targets } = await compileProjectProtos(target, config, nothingGiven, host);
  const { files } = await generate(compiled, targets, config);
  await writeChanges(target, machineChanges(await presentGenerated(root), files), host.signal);
}

const nothingGiven = {
  proto: [],
  importPaths: [],
  additions: new Map<string, boolean>(),
  yes: true,
  force: false,
  dryRun: false,
};

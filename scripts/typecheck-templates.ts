import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { packageRoot } from "../src/package-root.ts";
import { readCatalog } from "../src/scaffold/templates/manifests.ts";
import { scaffold } from "./scaffold.ts";

/**
 * Type-checks every layer of templates/ as it is composed: each starter, and a project for protos,
 * without additions, with each one and with all of them. All projects are one program of the
 * compiler, which reads their libraries once; node_modules is the repository's.
 */
const root = packageRoot();
const { starters, additions } = readCatalog(root);
const names = additions.map(({ name }) => name);
const choices = [[], ...names.map((name) => [name]), ...(names.length > 1 ? [names] : [])];
const sources = [
  { name: "protos", proto: [join(root, "test/cases/four-patterns")], requires: [] },
  ...starters.map(({ name, requires }) => ({ name, starter: name, requires })),
];
const scratch = join(root, "test/.tmp");
await mkdir(scratch, { recursive: true });
const folder = await mkdtemp(join(scratch, "templates-"));
try {
  for (const { name, requires, ...source } of sources) {
    for (const chosen of choices) {
      if (requires.some((addition) => !chosen.includes(addition))) continue;
      const directory = [name, ...chosen].join("-");
      const all = new Map(names.map((addition) => [addition, chosen.includes(addition)]));
      await scaffold(folder, {
        directory,
        ...source,
        additions: all,
        self: "0.1.0",
        runtime: "0.1.0",
      });
    }
  }
  const include = ["*/src", "*/test", "*/vitest.config.ts"];
  const config = { extends: "./protos/tsconfig.json", include };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { exitCode } = await execa(
    process.execPath,
    [compiler, "-p", ".", "--customConditions", "@grpc-service/source"],
    {
      cwd: folder,
      stdio: "inherit",
      reject: false,
    },
  );
  process.exitCode = exitCode ?? 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { run } from "../tooling/packed/commands.ts";

/** The last that run on Node 20, and an API that fits. Anything else goes to its newest version. */
const ceilings: Readonly<Record<string, string>> = {
  "@bufbuild/protoc-gen-es": "2.13",
  "@opentelemetry/api": "1.9",
  "@opentelemetry/sdk-node": "0.223",
  execa: "9",
  vitest: "4",
};

type Versions = Readonly<Record<string, string>>;

/**
 * Sets every exact version in package.json to the newest one that was published before a day, records
 * that day, and prints anew what holds these versions. `make test` says whether they work.
 */
async function bumpPins(day: string): Promise<void> {
  const root = packageRoot();
  const { dependencies, devDependencies }: { dependencies: Versions; devDependencies: Versions } =
    JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const pins = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => /^\d/.test(version))
    .map(([name]) => `${name}@${ceilings[name] ?? "latest"}`);
  const install = ["install", "--save-exact", "--no-audit", "--no-fund", ...pins];
  await run("npm", install, { cwd: root, env: { npm_config_before: day }, show: true });

  const record = join(root, "src/tested-date.ts");
  const text = await readFile(record, "utf8");
  await writeFile(record, text.replace(/"\d{4}-\d{2}-\d{2}"/, JSON.stringify(day)));
  for (const script of ["protos", "example"]) await run("npm", ["run", script], { cwd: root });
}

await bumpPins(process.argv[2] ?? new Date().toISOString().slice(0, 10));

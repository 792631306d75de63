import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { packageRoot } from "../../src/package-root.ts";

const bin = join(packageRoot(), "node_modules/.bin");

/** Runs a tool of this repository in a project; returns what it printed if it failed. */
export async function runTool(project: string, name: string, ...args: string[]): Promise<string> {
  const command = promisify(execFile)(join(bin, name), args, { cwd: project });
  return await command.then(
    () => "",
    (error: { stdout: string; stderr: string }) => `${name}\n${error.stdout}${error.stderr}`,
  );
}

/** Runs the type checker of this repository on a project with the source of the library. */
export function checkTypes(project: string): Promise<string> {
  return runTool(project, "tsc", "--noEmit", "--customConditions", "@grpc-service/source");
}

/** Runs tests of a project with the source of the library, as the tests of this repository do. */
export async function runTests(project: string, ...files: string[]): Promise<string> {
  const config = "vitest.source.config.ts";
  await writeFile(join(project, config), sourceConfig);
  return runTool(project, "vitest", "run", "--config", config, "--reporter=dot", ...files);
}

const sourceConfig = `import own from "./vitest.config.ts";
const conditions = ["@grpc-service/source", "node", "development|production"];
export default { ...own, resolve: { conditions }, ssr: { resolve: { conditions } } };
`;

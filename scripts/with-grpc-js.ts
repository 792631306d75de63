import { existsSync } from "node:fs";
import { cp, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { attempt, run } from "../tooling/packed/commands.ts";

const usage = `Runs the tests of the runtime with another version of @grpc/grpc-js:
  npx tsx scripts/with-grpc-js.ts <version> [tests or options of vitest; default: test/runtime]`;

/**
 * In a copy of the checkout with an installation of its own: child processes of tests get that
 * version, too, and node_modules here stays what the lock file says. Returns vitest's exit code.
 */
async function testWith(version: string, args: readonly string[]): Promise<number> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "create-grpc-service-grpc-js-")));
  try {
    await copyCheckout(folder);
    const install = ["install", "--no-save", `@grpc/grpc-js@${version}`];
    for (const command of [["ci"], install]) await run("npm", command, { cwd: folder });
    // It ends with 1, because this is not the version that package.json asks for.
    console.log((await attempt("npm", ["ls", "@grpc/grpc-js"], { cwd: folder })).stdout);
    const vitest = ["vitest", "run", ...(args.length > 0 ? args : ["test/runtime"])];
    const options = { cwd: folder, show: true, timeoutMs: 1_800_000 };
    return (await attempt("npx", vitest, options)).exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Copies what git knows, with what has been changed and added since the last commit. */
async function copyCheckout(target: string): Promise<void> {
  const root = packageRoot();
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { stdout } = await run("git", args, { cwd: root });
  for (const path of stdout.split("\0")) {
    if (path === "" || !existsSync(join(root, path))) continue;
    await cp(join(root, path), join(target, path));
  }
}

const [version, ...args] = process.argv.slice(2);
if (version === undefined || version.startsWith("-")) {
  console.error(usage);
  process.exitCode = 2;
} else {
  process.exitCode = await testWith(version, args);
}

import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyCheckout } from "../tooling/checkout.ts";
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
    for (const command of [["ci"], install, ["run", "build"]]) {
      await run("npm", command, { cwd: folder });
    }
    // It ends with 1, because this is not the version that package.json asks for.
    console.log((await attempt("npm", ["ls", "@grpc/grpc-js"], { cwd: folder })).stdout);
    const vitest = ["vitest", "run", ...(args.length > 0 ? args : ["test/runtime"])];
    const options = { cwd: folder, show: true, timeoutMs: 1_800_000 };
    return (await attempt("npx", vitest, options)).exitCode;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const [version, ...args] = process.argv.slice(2);
if (version === undefined || version.startsWith("-")) {
  console.error(usage);
  process.exitCode = 2;
} else {
  process.exitCode = await testWith(version, args);
}

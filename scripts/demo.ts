import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentedOutput, repeatable, runClient } from "../tooling/packed/client.ts";
import { run } from "../tooling/packed/commands.ts";
import { createArguments, packTarballs } from "../tooling/packed/pack.ts";
import { startServer } from "../tooling/packed/server.ts";

/**
 * What a user does, once: pack, scaffold from the tarball, install, build, start, call all four
 * patterns, stop. Exits with 1 if a step fails or the output is not the one in docs/starter.md.
 */
async function demo(folder: string): Promise<void> {
  const project = join(folder, "user-service");

  const tarballs = await step("packing both packages", () => packTarballs(folder));
  await step(`scaffolding user-service with ${tarballs.tool.path}`, () =>
    run("npm", createArguments(tarballs, ["user-service", "--starter", "user", "--yes"]), {
      cwd: folder,
      show: true,
    }),
  );
  await step("building user-service", () => run("npm", ["run", "build"], { cwd: project }));
  const server = await step("starting the server", () => startServer(project));
  let exitCode: number;
  try {
    const client = await step(`calling ${server.address}: all four patterns`, () =>
      runClient(project, server.address, { show: true }),
    );
    if (client.exitCode !== 0) throw new Error(`the client ended with ${client.exitCode}`);
    await compare(project, client.stdout);
  } finally {
    exitCode = await step("stopping the server with SIGTERM", () => server.stop());
  }
  if (exitCode !== 0) throw new Error(`the server ended with ${exitCode}`);
}

async function compare(project: string, printed: string): Promise<void> {
  const expected = await documentedOutput(project);
  if (repeatable(printed) === expected) return;
  throw new Error(`the output of the client is not that of docs/starter.md:\n${expected}`);
}

async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  console.log(`\n==> ${title}`);
  const result = await work();
  console.log(`    ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

const folder = await realpath(await mkdtemp(join(tmpdir(), "create-grpc-service-demo-")));
try {
  await demo(folder);
  console.log("\nDemo: everything came back as promised.");
} catch (error) {
  console.error(`\nDemo: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

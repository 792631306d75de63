import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { packageRoot } from "../src/package-root.ts";
import { repeatable } from "../tooling/packed/client.ts";
import { attempt, run } from "../tooling/packed/commands.ts";
import { createArguments, packTarballs, type Tarballs } from "../tooling/packed/pack.ts";
import { startServer } from "../tooling/packed/server.ts";
import { lineCounts } from "./transcripts/line-counts.ts";
import { sessions } from "./transcripts/sessions.ts";

/**
 * Writes docs/transcripts.md: what a user types and sees in a project of each starter, made by the packed
 * packages. Needs a build.
 */
async function main(folder: string): Promise<void> {
  const tarballs = await packTarballs(folder);
  const parts: string[] = [];
  for (const [starter, commands] of Object.entries(sessions)) {
    console.log(starter);
    parts.push(await transcript(folder, tarballs, starter, commands));
  }
  const text = `${head}\n${parts.join("\n")}`;
  await writeFile(join(packageRoot(), "docs/transcripts.md"), text);
}

const head = `# Transcripts

Each starter as its user sees it: what was typed, what came back, and the code of the project without \`src/gen\`. Ids and times are replaced. \`npm run build && npx tsx scripts/transcripts.ts\` writes this file anew; it scaffolds, installs, builds and starts each project.
`;

async function transcript(
  folder: string,
  tarballs: Tarballs,
  starter: string,
  commands: readonly string[],
): Promise<string> {
  const project = join(folder, starter);
  const args = [starter, "--starter", starter, "--yes", "--no-git"];
  await run("npm", createArguments(tarballs, args), { cwd: folder });
  await run("npm", ["run", "build"], { cwd: project });
  const server = await startServer(project);
  const lines: string[] = [];
  try {
    for (const command of commands) {
      lines.push(`$ ${command.trim()}`);
      const output = await typed(command, project, server.address);
      if (output !== "") lines.push(output);
    }
  } finally {
    await server.stop();
  }
  const shown = lines.join("\n").replaceAll(server.address, "localhost:50051");
  const tree = await lineCounts(project);
  return `## ${starter}\n\n\`\`\`console\n${shown}\n\`\`\`\n\n\`\`\`\n${tree}\n\`\`\`\n`;
}

/** What a terminal would show, without what differs in every run. */
async function typed(command: string, project: string, address: string): Promise<string> {
  const env = {
    SERVER_ADDRESS: address,
    PATH: `${join(project, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`,
  };
  const both = ["-c", `{ ${command}\n} 2>&1`];
  const { stdout } = await attempt("bash", both, { cwd: project, env });
  return repeatable(stdout)
    .replace(/\b\d{13}-\d+\b/g, "<id>")
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, time);
}

/** Times in commands, and in what is said about them, stay; those of the clock do not. */
function time(text: string): string {
  return text.startsWith("2026-01-") ? text : "<time>";
}

const folder = await realpath(await mkdtemp(join(tmpdir(), "create-grpc-service-transcripts-")));
try {
  await main(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}

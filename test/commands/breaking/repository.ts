import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, beforeEach } from "vitest";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";

export const proto = "proto/greeter.proto";
const author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];

export const git = async (folder: string, ...args: string[]) => {
  const { stdout } = await execa("git", [...author, ...args], { cwd: folder });
  return stdout;
};

export async function commit(folder: string): Promise<void> {
  await git(folder, "add", ".");
  await git(folder, "commit", "--quiet", "--message", "Change");
}

/** Makes a repository for each test, with a project below `services/greeter`, committed on `main`. */
export function useRepository() {
  let original: string;
  const at = { repository: "", project: "" };

  beforeAll(async () => {
    original = await temporaryFolder();
    const made = await createProject();
    await rm(join(made, "node_modules"), { recursive: true });
    await git(original, "init", "--quiet", "--initial-branch=main");
    await mkdir(join(original, "services"));
    await rename(made, join(original, "services/greeter"));
    await commit(original);
  });

  beforeEach(async () => {
    at.repository = await copyProject(original);
    at.project = join(at.repository, "services/greeter");
  });

  return {
    /** The paths of a test. */
    at,
    /** Changes the proto. */
    async change(from: string, to: string): Promise<void> {
      const text = await readFile(join(at.project, proto), "utf8");
      await writeFiles(at.project, { [proto]: text.replace(from, to) });
    },
    breaking: (args: string[] = [], env = {}) =>
      runCommand(["breaking", ...args], { cwd: at.project, env: { ...environment, ...env } }),
  };
}

import { chmod, cp, mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { execForm, parseDockerfile, type Stage, split, variables } from "./dockerfile.ts";

/** What a Dockerfile gave, built in folders instead of containers. */
export interface Image {
  /** What the image holds in its working directory. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly user: string;
  readonly command: readonly string[];
  readonly healthCheck: readonly string[];
}

/**
 * Runs the instructions of a project's Dockerfile below `scratch`. RUN uses the Node.js of this
 * machine.
 */
export async function buildImage(project: string, scratch: string): Promise<Image> {
  const stages = parseDockerfile(await readFile(join(project, "Dockerfile"), "utf8"));
  const ignored = await readIgnored(project);
  const folders = new Map<string, string>();
  let image: Image | undefined;
  for (const [index, stage] of stages.entries()) {
    const folder = join(scratch, stage.alias ?? String(index));
    if (stage.alias !== undefined) folders.set(stage.alias, folder);
    image = await buildStage(stage, folder, async (from, source) => {
      const origin = from === undefined ? project : folders.get(from);
      if (origin === undefined) throw new Error(`no stage ${from}`);
      if (from === undefined && ignored(source)) throw new Error(`${source} is in .dockerignore`);
      return join(origin, from === undefined ? source : source.replace(/^\/app\//, ""));
    });
  }
  if (image === undefined) throw new Error("no stage");
  return image;
}

type Locate = (from: string | undefined, source: string) => Promise<string>;

async function buildStage(stage: Stage, folder: string, locate: Locate): Promise<Image> {
  let environment: Record<string, string> = {};
  let user = "root";
  let command: string[] = [];
  let healthCheck: string[] = [];
  await mkdir(folder, { recursive: true });
  for (const { name, text } of stage.instructions) {
    const { flags, words, rest } = split(text);
    if (name === "COPY") await copy(flags.get("from"), words, folder, locate);
    else if (name === "RUN") await runHere(rest, folder, environment);
    else if (name === "ENV") environment = { ...environment, ...variables(text) };
    else if (name === "USER") user = text;
    else if (name === "CMD") command = execForm(text);
    else if (name === "HEALTHCHECK") healthCheck = execForm(text);
    else if (name === "WORKDIR" && text !== "/app") throw new Error(`not expected: ${text}`);
    else if (name !== "WORKDIR" && name !== "EXPOSE") throw new Error(`not expected: ${name}`);
  }
  return { folder, environment, user, command, healthCheck };
}

async function copy(from: string | undefined, words: string[], folder: string, locate: Locate) {
  const target = words.at(-1) ?? "";
  for (const source of words.slice(0, -1)) {
    const path = await locate(from, source);
    const isFolder = (await stat(path)).isDirectory();
    const into =
      target.endsWith("/") && !isFolder
        ? join(folder, target, source.split("/").at(-1) ?? "")
        : join(folder, target);
    await cp(path, into, { recursive: true, verbatimSymlinks: true });
  }
}

async function runHere(script: string, cwd: string, env: Record<string, string>): Promise<void> {
  await execa("sh", ["-c", script], { cwd, env: userEnvironment(env), extendEnv: false });
}

/** Reads `.dockerignore`: ours is `*` with exceptions. */
async function readIgnored(project: string): Promise<(path: string) => boolean> {
  const lines = (await readFile(join(project, ".dockerignore"), "utf8"))
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const kept = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  if (!lines.includes("*")) throw new Error(".dockerignore lets everything through");
  return (path) => !kept.includes(path);
}

/** Makes a folder read-only for everybody. */
export async function makeReadOnly(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile() || each.isDirectory())) {
    const path = join(entry.parentPath, entry.name);
    await chmod(path, (await stat(path)).mode & 0o555);
  }
  await chmod(folder, 0o555);
}

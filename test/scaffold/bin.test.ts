import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { temporaryFolder } from "./support.ts";

const bin = fileURLToPath(new URL("../../src/scaffold/bin.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");
let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

function start(args: readonly string[], env = process.env) {
  return spawn(process.execPath, ["--import", tsx, bin, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function outcome(child: ReturnType<typeof start>) {
  const [output, notes, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { code, output, notes };
}

test("--version and --help", async () => {
  const [version, help] = await Promise.all([
    outcome(start(["--version"])),
    outcome(start(["--help"])),
  ]);
  expect(version).toMatchObject({ code: 0, output: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(help).toMatchObject({ code: 0, notes: "" });
  for (const flag of ["--proto", "-I", "--starter", "--self", "--dry-run", "--package-manager"]) {
    expect(help.output).toContain(flag);
  }
});

test("a project, in a process of its own, without a terminal", async () => {
  const { code, output, notes } = await outcome(start(["--yes", "--no-install", "--no-git"]));
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toContain("files into user-service");
  expect(await readdir(cwd)).toEqual(["user-service"]);
});

test("a project without a home folder for the compiler", async () => {
  const home = join(cwd, "not-a-folder");
  await writeFile(home, "");
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home };
  const { code, notes } = await outcome(start(["--yes", "--no-install", "--no-git"], env));
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
});

test("wrong usage is one line and code 2", async () => {
  expect(await outcome(start(["--prto", "x"]))).toEqual({
    code: 2,
    output: "",
    notes: 'create-grpc-service: unknown flag "--prto"; did you mean --proto?\n',
  });
  expect(await outcome(start([]))).toMatchObject({ code: 2, output: "" });
});

test("SIGINT while the install runs: 130, and the project stands", async () => {
  const npm = join(cwd, "bin", "npm");
  await mkdir(dirname(npm));
  await writeFile(npm, "#!/bin/sh\necho started\nexec sleep 60\n", { mode: 0o755 });
  const PATH = [dirname(npm), process.env.PATH].join(delimiter);
  const child = start(["demo", "--yes", "--no-git"], { ...process.env, PATH });
  child.stdout.on("data", (data: Buffer) => {
    if (data.includes("started")) child.kill("SIGINT");
  });
  expect(await outcome(child)).toMatchObject({
    code: 130,
    notes: "create-grpc-service: interrupted\n",
  });
  expect(await readdir(join(cwd, "demo"))).toContain("package.json");
});

test("nothing but Node.js is loaded before a step needs it", async () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = await readFile(file, "utf8");
    for (const [, specifier = ""] of source.matchAll(
      /^(?:import|\} from)(?! type).*"([^"]+)";$/gm,
    )) {
      if (specifier.startsWith(".")) await visit(resolve(dirname(file), specifier));
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  };
  await visit(bin);
  expect([...packages]).toEqual([]);
  expect([...seen].map((file) => file.slice(dirname(bin).length + 1))).toContain("options.ts");
  expect(seen).not.toContain(join(dirname(bin), "create.ts"));
});

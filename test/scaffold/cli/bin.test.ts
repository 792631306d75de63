import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { proto, published, quick, readFiles, run, temporaryFolder } from "../support.ts";

const bin = fileURLToPath(new URL("../../../src/scaffold/cli/bin.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");
let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

function start(args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
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

test("creates a project without a terminal", async () => {
  const { code, output, notes } = await outcome(
    start(["--yes", ...published, "--no-install", "--no-git"]),
  );
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toContain("files into user-service");
  expect(await readdir(cwd)).toEqual(["user-service"]);
});

test("creates a project without a home folder", async () => {
  const home = join(cwd, "not-a-folder");
  await writeFile(home, "");
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: home };
  const { code, notes } = await outcome(
    start(["--yes", ...published, "--no-install", "--no-git"], env),
  );
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

test("SIGINT during the installation: 130, and the project is kept", async () => {
  const npm = join(cwd, "bin", "npm");
  await mkdir(dirname(npm));
  await writeFile(npm, "#!/bin/sh\necho started\nexec sleep 60\n", { mode: 0o755 });
  const PATH = [dirname(npm), process.env.PATH].join(delimiter);
  const child = start(["demo", "--yes", ...published, "--no-git"], { ...process.env, PATH });
  child.stdout.on("data", (data: Buffer) => {
    if (data.includes("started")) child.kill("SIGINT");
  });
  expect(await outcome(child)).toMatchObject({
    code: 130,
    notes:
      "create-grpc-service: interrupted; the project is written, continue with: cd demo && npm install\n",
  });
  expect(await readdir(join(cwd, "demo"))).toContain("package.json");
});

test("two runs at once into one folder: one makes the project, the other is refused", async () => {
  // With --starter, a run that comes too late is refused as well: it must not find a project.
  const args = ["demo", "--starter", "user", "--no-install", "--no-git", ...published];
  const outcomes = await Promise.all([start(args), start(args)].map(outcome));
  const [winner, loser] = outcomes.toSorted((a, b) => a.code - b.code);
  expect(winner).toMatchObject({ code: 0, notes: "" });
  expect(loser).toMatchObject({ code: 2, output: "" });
  expect(loser?.notes).toMatch(/^create-grpc-service: .+\n$/);
  expect(await readdir(cwd)).toEqual(["demo"]);
  await run(["alone", ...args.slice(1)], { cwd });
  const [demo, other] = [await readFiles(join(cwd, "demo")), await readFiles(join(cwd, "alone"))];
  expect([...demo.keys()]).toEqual([...other.keys()]);
});

test("two runs at once on one project: it is updated once", async () => {
  await writeFile(join(cwd, "a.proto"), proto("a"));
  await run(["demo", ...quick, "--proto", "a.proto"], { cwd });
  await writeFile(
    join(cwd, "demo/proto/a.proto"),
    proto("a", "rpc Get(M) returns (M); rpc List(M) returns (M);"),
  );
  const outcomes = await Promise.all([start(["demo"]), start(["demo"])].map(outcome));
  // The loser is refused, or comes late and has nothing to do.
  const codes = outcomes.map(({ code }) => code).sort();
  expect(codes).toEqual([0, expect.toBeOneOf([0, 2])]);
  for (const { notes } of outcomes) expect(notes).toMatch(/^(?:create-grpc-service: .+\n)?$/);
  const index = await readFile(join(cwd, "demo/src/services/user/index.ts"), "utf8");
  expect(index.match(/list\(dependencies\)/g)).toHaveLength(1);
  expect(await readdir(join(cwd, "demo"))).not.toContain(".create-grpc-service");
});

test("a hostile user agent, without git and npm: a project and hints", async () => {
  const agent = "\u001b[31mnpm/$(touch pwned); `touch pwned`";
  const env = { npm_config_user_agent: agent, PATH: join(cwd, "nothing"), HOME: cwd };
  const { code, output, notes } = await outcome(
    start(["demo", "--yes", ...published, "--no-install"], env),
  );
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toContain("No git repository created: git is not installed.\n");
  expect(output).toMatch(/^ {2}npm install$/m);
  expect(await readdir(cwd)).toEqual(["demo"]);
});

test("no terminal and no answers: the flags are named, nothing is written", async () => {
  expect(await outcome(start([]))).toEqual({
    code: 2,
    output: "",
    notes: expect.stringMatching(
      /^.*\[dir\], --proto or --starter, --install.*, --git.*--yes.*\n$/,
    ),
  });
  expect(await readdir(cwd)).toEqual([]);
});

test("packages are loaded only when a step needs them", async () => {
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

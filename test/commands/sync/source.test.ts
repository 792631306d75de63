import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeEach, expect, test } from "vitest";
import { parseJson, property } from "../../../src/json.ts";
import { proto, quick, run, temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

/** A repository with protos that services share. */
let root: string;
let project: string;

const get = "rpc Get(M) returns (M);";
const list = "rpc List(M) returns (M);";

beforeEach(async () => {
  root = await temporaryFolder();
  project = join(root, "services/shop");
  await writeFiles(root, { "protos/shop.proto": proto("shop", get) });
});

async function scaffold(source: string): Promise<unknown> {
  const args = ["services/shop", ...quick, "--proto", source];
  expect(await run(args, { cwd: root })).toMatchObject({ code: 0 });
  const record = await readFile(join(project, ".create-grpc-service.json"), "utf8");
  return property(parseJson(record), "source");
}

const sync = (...flags: string[]) => runCommand(["sync", "--source", ...flags], { cwd: project });

test("a change of shared protos reaches the project", async () => {
  expect(await scaffold("protos")).toEqual({ proto: ["../../protos"], importPaths: [] });
  await writeFiles(root, { "protos/shop.proto": proto("shop", get + list) });
  expect(await sync("--check")).toMatchObject({ code: 1 });
  const { code, output } = await sync();
  expect(code).toBe(0);
  expect(output).toContain("/List\n");
  expect(await readFile(join(project, "proto/shop.proto"), "utf8")).toContain(list);
  // What was copied is remembered: the next change comes in as well.
  await writeFiles(root, { "protos/shop.proto": proto("shop", list) });
  expect(await sync()).toMatchObject({ code: 0 });
  expect(await readFile(join(project, "proto/shop.proto"), "utf8")).not.toContain(get);
});

test("protos that were changed in the project are kept", async () => {
  await scaffold("protos");
  const mine = proto("shop", get + list);
  await writeFiles(project, { "proto/shop.proto": mine });
  expect(await sync()).toEqual({
    code: 2,
    output: "",
    notes:
      "grpc-service: proto/shop.proto already exists and differs; --force replaces it, and changes made to it are lost\n",
  });
  expect(await readFile(join(project, "proto/shop.proto"), "utf8")).toBe(mine);
  expect(await sync("--force")).toMatchObject({ code: 0 });
  expect(await readFile(join(project, "proto/shop.proto"), "utf8")).not.toContain(list);
});

test("a proto that did not come from the source is kept, and a run that writes nothing forgets nothing", async () => {
  await scaffold("protos");
  const own = 'syntax = "proto3"; package own;';
  await writeFiles(project, { "proto/own.proto": own });
  await runCommand(["sync"], { cwd: project });
  await writeFiles(root, { "protos/own.proto": 'syntax = "proto3"; package theirs;' });
  expect((await sync()).notes).toContain("proto/own.proto already exists and differs");
  await writeFiles(root, { "protos/own.proto": own });
  // A rename waits for a decision: nothing is written.
  await writeFiles(root, { "protos/shop.proto": proto("shop", get.replace("Get", "Fetch")) });
  const mine = `${proto("shop", get)}// mine\n`;
  await writeFiles(project, { "proto/shop.proto": mine });
  expect(await sync("--force")).toMatchObject({ code: 1 });
  expect((await sync("--rename", "none")).notes).toContain("proto/shop.proto already exists");
  expect(await readFile(join(project, "proto/shop.proto"), "utf8")).toBe(mine);
});

test("a git repository is fetched again", async () => {
  const bare = join(root, "protos.git");
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=Ann", "-c", "user.email=ann@example.com", ...args], {
      cwd: join(root, "protos"),
    });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "Shop");
  await git("clone", "--quiet", "--bare", ".", bare);
  expect(await scaffold(`file://${bare}`)).toEqual({ proto: [`file://${bare}`], importPaths: [] });
  await writeFiles(root, { "protos/shop.proto": proto("shop", get + list) });
  await git("commit", "--quiet", "--all", "--message", "List");
  await git("push", "--quiet", bare, "main");
  expect((await sync()).output).toContain("/List\n");
});

test("a proto that the source has lost is named with what depends on it, until it is removed", async () => {
  await writeFiles(root, {
    "protos/team.proto": proto("team").replace("UserService", "TeamService"),
    "protos/common.proto": 'syntax = "proto3"; package common; message C {}',
    "protos/shop.proto": proto("shop", get).replace("message", 'import "common.proto";\nmessage'),
  });
  await scaffold("protos");
  await rm(join(root, "protos/team.proto"));
  await rm(join(root, "protos/common.proto"));
  await writeFiles(root, { "protos/shop.proto": proto("shop", get) });
  await writeFiles(project, { "proto/own.proto": 'syntax = "proto3"; package own;' });
  await sync();
  const { code, output } = await sync("--check");
  expect(code).toBe(1);
  expect(output).toContain(`Nothing to write in this project; the source has lost protos.
Not at the source any more. Remove them, or keep them as yours: take their lines out of .create-grpc-service.json.
  proto/common.proto: nothing depends on it
  proto/team.proto: your code serves team.TeamService
`);
  await rm(join(project, "proto/common.proto"));
  await sync();
  const record = join(project, ".create-grpc-service.json");
  await writeFile(record, (await readFile(record, "utf8")).replace(/.*team\.proto.*\n/, ""));
  expect(await sync("--check")).toMatchObject({ code: 0 });
});

test("a proto that moved at the source moves here, and its code follows", async () => {
  await scaffold("protos");
  await rm(join(root, "protos/shop.proto"));
  const moved = proto("shop", get + list);
  await writeFiles(root, { "protos/shop/v1/shop.proto": moved });
  const mine = proto("shop", get).concat("// mine\n");
  await writeFiles(project, { "proto/shop.proto": mine });
  expect((await sync()).notes).toBe(
    "grpc-service: proto/shop.proto was changed here, and is proto/shop/v1/shop.proto at the source now; --force takes that\n",
  );
  await writeFiles(project, { "proto/shop.proto": proto("shop", get) });
  const { code, output } = await sync();
  expect(code).toBe(0);
  expect(output).toContain(
    "Moved in proto/, as at the source:\n  proto/shop.proto -> proto/shop/v1/shop.proto\n",
  );
  expect(output).toContain(
    "UNIMPLEMENTED until you write their handlers:\n  shop.UserService/List\n",
  );
  expect(await readdir(join(project, "proto"))).toEqual(["shop"]);
  const again = await sync();
  expect(again.output).not.toContain("Not at the source");
  expect(again.code).toBe(0);
});

test("the command of a rename repeats --source and --force", async () => {
  await scaffold("protos");
  await writeFiles(root, { "protos/shop.proto": proto("shop", get.replace("Get", "Fetch")) });
  const { output } = await sync("--force");
  expect(output).toContain(
    "  npx grpc-service sync --source --force --rename shop.UserService/Get=shop.UserService/Fetch\n",
  );
  expect(await sync("--force", "--rename", "Get=Fetch")).toMatchObject({ code: 0 });
});

test.each([
  [{ starter: "foo" }, 'answers.starter "foo" is unknown (known: '],
  [{ additions: { bar: true } }, 'answers.additions "bar" is unknown (known: '],
])("a record with %j is refused in one line", async (answers, line) => {
  await scaffold("protos");
  const path = join(project, ".create-grpc-service.json");
  const record: { answers: object } = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...record, answers: { ...record.answers, ...answers } }));
  const { code, notes } = await sync();
  expect(code).toBe(2);
  expect(notes).toContain(`grpc-service: .create-grpc-service.json: ${line}`);
  expect(notes).toMatch(/^[^\n]+\n$/);
});

test("errors of the source name the record, and no flag that was not typed", async () => {
  await scaffold("protos");
  await rm(join(root, "protos"), { recursive: true });
  expect(await sync()).toEqual({
    code: 2,
    output: "",
    notes:
      'grpc-service: .create-grpc-service.json "source": ../../protos: no such file or folder; correct it there, or name the protos with --proto\n',
  });
  const record = join(project, ".create-grpc-service.json");
  const text = await readFile(record, "utf8");
  const server = text.replace('"importPaths": []', '"importPaths": [], "server": "localhost:1"');
  await writeFile(record, server);
  const { code, notes } = await sync();
  expect(code).toBe(2);
  expect(notes).toMatch(/\ngrpc-service: \.create-grpc-service\.json "source": localhost:1: /);
  expect(notes).not.toContain("--from-server");
});

test("a source outside of the repository is said when it is recorded", async () => {
  const create = async (folder: string, source: string) =>
    (await run([folder, ...quick, "--proto", source], { cwd: root })).output;
  expect(await create("alone", "protos")).not.toContain("outside of this repository");
  await execa("git", ["init", "--quiet", "mono"], { cwd: root });
  await writeFiles(root, { "mono/protos/shop.proto": proto("shop", get) });
  expect(await create("mono/inside", "mono/protos")).not.toContain("outside of this repository");
  expect(await create("mono/a/outside", "protos")).toContain(
    "\nThe protos came from ../../../protos, outside of this repository: npx grpc-service sync --source works only where that path exists.\n",
  );
});

test("without a source: one line", async () => {
  await run(["services/shop", "--yes", "--starter", "llm", ...quick], { cwd: root });
  expect(await sync()).toEqual({
    code: 2,
    output: "",
    notes:
      "grpc-service: .create-grpc-service.json has no source of the protos; name it with --proto\n",
  });
  expect(await sync("--proto", "x.proto")).toMatchObject({
    code: 2,
    notes: "grpc-service: --source and --proto exclude each other\n",
  });
});

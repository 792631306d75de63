import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;
let project: string;

const one = "rpc Get(M) returns (M);";
const two = `${one} rpc List(M) returns (stream M);`;

let original: string;

beforeAll(async () => {
  original = await temporaryFolder();
  await writeFile(join(original, "user.proto"), proto("user", one));
  const { code } = await run(["demo", ...quick, "--proto", "user.proto"], { cwd: original });
  expect(code).toBe(0);
});

beforeEach(async () => {
  cwd = await temporaryFolder();
  project = join(cwd, "demo");
  await cp(original, cwd, { recursive: true });
});

/** Runs again on the project and tells which files became others. */
async function grow(...args: string[]) {
  const before = await readFiles(project);
  const outcome = await run(["demo", ...args], { cwd });
  const after = await readFiles(project);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  const changed = paths.filter((path) => before.get(path) !== after.get(path));
  const text = (path: string) => after.get(path) ?? "";
  return { ...outcome, changed, text };
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = (await readFiles(project)).get(path) ?? "";
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(join(project, path), changed);
}

test("without changes in the protos, nothing is written", async () => {
  const { code, output, changed } = await grow();
  expect({ code, output, changed }).toEqual({
    code: 0,
    output: "demo is up to date with its protos.\n",
    changed: [],
  });
  const { output: here } = await run(["."], { cwd: project });
  expect(here).toBe("This project is up to date with its protos.\n");
});

test("a new RPC: its handler, its test, its line, and nothing else", async () => {
  await edit("src/services/user/get.ts", (text) => `${text}// mine\n`);
  await edit("src/services/user/index.ts", (text) => text.replace("/** The", "/** Mine: the"));
  await rm(join(project, "Makefile"));
  await writeFile(join(project, "proto/user.proto"), proto("user", two));
  const { code, output, changed, text } = await grow();
  expect(code).toBe(0);
  expect(changed).toEqual([
    "src/gen/user_grpc.ts",
    "src/gen/user_pb.ts",
    "src/services/user/index.ts",
    "src/services/user/list.ts",
    "test/services/user/list.test.ts",
  ]);
  expect(
    text("src/services/user/index.ts"),
  ).toBe(`import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { get } from "./get.ts";
import { list } from "./list.ts";

/** Mine: the handlers of user.UserService, one line per RPC. */
export function userServiceHandlers(dependencies: Dependencies): UserServiceHandlers {
  return {
    get: get(dependencies),
    list: list(dependencies),
  };
}
`);
  expect(output).toMatch(
    /^Updated demo: wrote 2 files in src\/gen and proto, added 2 files, extended 1 file\. Nothing else was changed\.\n/,
  );
  expect(output).toContain("  user.UserService/List\n");
  expect(output).toContain("Extended:\n  src/services/user/index.ts\n");
  expect(await grow()).toMatchObject({ changed: [] });
});

test("a new service, in another package and with the same name", async () => {
  await writeFiles(project, { "proto/bank/user.proto": proto("bank", one) });
  const { code, changed, text } = await grow();
  expect(code).toBe(0);
  expect(changed).toEqual([
    "src/gen/bank/user_grpc.ts",
    "src/gen/bank/user_pb.ts",
    "src/services/bank-user/get.ts",
    "src/services/bank-user/index.ts",
    "src/services/index.ts",
    "test/services/bank-user/get.test.ts",
    "test/services/bank-user/index.test.ts",
  ]);
  const index = text("src/services/index.ts");
  expect(index).toContain(
    'import { userServiceDefinition as bankUserDefinition } from "../gen/bank/user_grpc.ts";\n',
  );
  expect(index).toContain(
    `    implement(userServiceDefinition, userServiceHandlers(dependencies)),
    implement(bankUserDefinition, bankUserHandlers(dependencies)),
  ];`,
  );
});

test("a new service in a file that has one: the import is extended", async () => {
  const service = "service OtherService { rpc Get(M) returns (M); }\n";
  await writeFile(join(project, "proto/user.proto"), proto("user", one) + service);
  const { text } = await grow();
  expect(text("src/services/index.ts")).toContain(
    'import { otherServiceDefinition, userServiceDefinition } from "../gen/user_grpc.ts";\n',
  );
  expect(text("src/services/index.ts").match(/user_grpc/g)).toHaveLength(1);
});

test("--proto brings new files; one that differs is a conflict", async () => {
  await writeFile(join(cwd, "order.proto"), proto("order", one).replace("User", "Order"));
  const added = await grow("--proto", "order.proto");
  expect(added.code).toBe(0);
  expect(added.changed).toContain("proto/order.proto");
  expect(added.changed).toContain("src/services/order/get.ts");

  await writeFile(join(cwd, "user.proto"), proto("user", two));
  const refused = await grow("--proto", "user.proto");
  expect(refused).toMatchObject({ code: 2, changed: [] });
  expect(refused.notes).toContain(
    "proto/user.proto already exists and differs; --force replaces it",
  );

  const forced = await grow("--proto", "user.proto", "--force");
  expect(forced.code).toBe(0);
  expect(forced.changed).toContain("proto/user.proto");
  expect(forced.changed).toContain("src/services/user/list.ts");
});

test("a removed RPC and a removed service are reported, not changed", async () => {
  await writeFiles(project, { "proto/order.proto": proto("order", one).replace("User", "Order") });
  await grow();
  await rm(join(project, "proto/order.proto"));
  await writeFile(join(project, "proto/user.proto"), proto("user", "rpc Other(M) returns (M);"));
  const { code, output, changed } = await grow();
  expect(code).toBe(0);
  expect(changed.filter((path) => !path.startsWith("src/gen/"))).toEqual([
    "src/services/user/index.ts",
    "src/services/user/other.ts",
    "test/services/user/other.test.ts",
  ]);
  expect(changed).toContain("src/gen/order_grpc.ts");
  expect(output).toMatch(
    /Not in the protos any more\. .*:\n {2}src\/services\/order\/\n {2}test\/services\/order\/\n {2}src\/services\/user\/get\.ts\n {2}test\/services\/user\/get\.test\.ts\n {2}get in src\/services\/user\/index\.ts\n/,
  );
});

test("a changed index is left alone, and the lines to add are printed", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text.replace("return {", "const handlers = {").replace("  };\n", "  };\n  return handlers;\n"),
  );
  await edit("src/services/index.ts", (text) => text.replace("return [", "return [...extra, "));
  await writeFile(join(project, "proto/user.proto"), proto("user", two));
  const { code, output, changed } = await grow();
  expect(code).toBe(0);
  expect(changed).not.toContain("src/services/user/index.ts");
  expect(changed).toContain("src/services/user/list.ts");
  expect(output).toContain(
    `You changed the layout of src/services/user/index.ts, so the lines could not be inserted. Add them yourself:
  import { list } from "./list.ts";
      list: list(dependencies),
`,
  );
});

test("a service in a folder of another name is found by its index", async () => {
  const files = await readFiles(join(project, "src/services/user"));
  await writeFiles(join(project, "src/services/people"), Object.fromEntries(files));
  await rm(join(project, "src/services/user"), { recursive: true });
  await edit("src/services/index.ts", (text) => text.replace("./user/", "./people/"));
  await writeFile(join(project, "proto/user.proto"), proto("user", two));
  const { changed } = await grow();
  expect(changed).toContain("src/services/people/list.ts");
  expect(changed).toContain("test/services/people/list.test.ts");
  expect(changed).not.toContain("src/services/index.ts");
});

test("handlers written inline or before the RPC are respected", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text.replace("  };\n", "    async list() {\n      return [];\n    }\n  };\n"),
  );
  await writeFiles(project, { "src/services/user/watch.ts": "// mine\n" });
  const three = `${two} rpc Watch(M) returns (M);`;
  await writeFile(join(project, "proto/user.proto"), proto("user", three));
  const { changed, text } = await grow();
  expect(changed).not.toContain("src/services/user/list.ts");
  expect(text("src/services/user/watch.ts")).toBe("// mine\n");
  expect(text("src/services/user/index.ts")).toContain(
    "      return [];\n    },\n    watch: watch(dependencies),\n  };\n",
  );
});

test("Windows line endings and another parameter name are kept", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text
      .replaceAll("dependencies:", "d:")
      .replaceAll("(dependencies)", "(d)")
      .replaceAll("\n", "\r\n"),
  );
  await writeFile(join(project, "proto/user.proto"), proto("user", two));
  const { text } = await grow();
  const index = text("src/services/user/index.ts");
  expect(index).toContain("    get: get(d),\r\n    list: list(d),\r\n  };\r\n");
  expect(index.replaceAll("\r\n", "")).not.toContain("\n");
});

test("--dry-run changes nothing", async () => {
  await writeFile(join(project, "proto/user.proto"), proto("user", two));
  const { output, changed } = await grow("--dry-run");
  expect(changed).toEqual([]);
  expect(output).toContain("create src/services/user/list.ts\n");
  expect(output).toContain("update src/services/user/index.ts\n");
});

describe("refuses", () => {
  test("a broken proto, at its place in the project", async () => {
    await writeFile(join(project, "proto/user.proto"), 'syntax = "proto3";\nmessage {}\n');
    const { code, notes, changed } = await grow();
    expect({ code, changed }).toEqual({ code: 2, changed: [] });
    expect(notes).toMatch(/^create-grpc-service: demo\/proto\/user\.proto:2:1: /);
  });

  test("flags for new projects", async () => {
    expect((await grow("--starter", "user")).notes).toContain("--starter is only for new projects");
    expect((await grow("--name", "other")).notes).toContain("--name is only for new projects");
    for (const flags of [
      ["--package-manager", "yarn"],
      ["--self", "^9.9.9"],
      ["--runtime", "^9.9.9"],
      ["--kubernetes"],
      ["--postgres"],
    ]) {
      const { code, notes } = await grow(...flags);
      expect(notes).toContain(`${flags[0]} is only for new projects`);
      expect(code).toBe(2);
    }
  });

  test("a buf.gen.yaml that it cannot follow", async () => {
    await edit("buf.gen.yaml", (text) => text.replaceAll("out: src/gen", "out: lib"));
    expect(await grow()).toMatchObject({ code: 2, changed: [] });
  });
});

test("a removed RPC without a test: only its handler is named", async () => {
  await rm(join(project, "test/services/user/get.test.ts"));
  await writeFile(join(project, "proto/user.proto"), proto("user", "rpc Other(M) returns (M);"));
  const { output } = await grow();
  expect(output).toContain("  src/services/user/get.ts\n  get in src/services/user/index.ts\n");
});

import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runningPackageManager } from "../../../src/scaffold/templates/package-managers.ts";
import { quick, run, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

/** Runs what must be refused: one line, code 2, nothing printed, nothing written. */
async function refusal(args: readonly string[]): Promise<string> {
  const before = await readdir(cwd, { recursive: true });
  const { code, output, notes } = await run(args, { cwd });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(notes).toMatch(/^create-grpc-service: [^\p{Cc}\p{Bidi_Control}]+\n$/u);
  expect(await readdir(cwd, { recursive: true })).toEqual(before);
  return notes;
}

describe("is refused as a project folder:", () => {
  test.each([
    ["", "the folder has no name"],
    ["  ", "the folder has no name"],
    ["..\\x", "is not a valid name"],
    ["node_modules", "npm reserves that name"],
    ["favicon.ico", "npm reserves that name"],
    ["con", "Windows reserves that name"],
    ["nul", "Windows reserves that name"],
    ["aux.txt", "Windows reserves that name"],
    ["x; rm -rf ~", "is not a valid name"],
    ["$(id)", "is not a valid name"],
    ["`id`", "is not a valid name"],
    ["a\nb", "is not a valid name"],
    ["\u001b[31mred", "is not a valid name"],
    ["a\0b", "is not a valid name"],
    ["a\u202eb", "is not a valid name"],
    ["이름", "is not a valid name"],
    ["@Scope/x", "npm names are lower case"],
    ["x".repeat(215), "npm allows at most 214 characters"],
  ])("%j", async (folder, message) => {
    expect(await refusal([folder, ...quick])).toContain(message);
  });

  test.each(["x; rm -rf ~", "$(id)", "con", "a\nb", "a:b", "이름", " a", "a.", "node_modules"])(
    "%j, also with a name for the project",
    async (folder) => {
      expect(await refusal([folder, "--name", "orders", ...quick])).toContain(
        "is not a valid name",
      );
    },
  );

  test("the folder above, which is not empty", async () => {
    await mkdir(join(cwd, "inner"));
    const { code, output, notes } = await run(["..", "--name", "x", ...quick], {
      cwd: join(cwd, "inner"),
    });
    expect({ code, output }).toEqual({ code: 2, output: "" });
    expect(notes).toMatch(/^create-grpc-service: \.\. is not empty; /);
  });

  test("what looks like a flag", async () => {
    expect(await refusal(["-rf", ...quick])).toContain('unknown flag "-r"');
    expect(await refusal([...quick, "--", "-rf"])).toContain("it looks like a flag");
    expect(await refusal([...quick, "--", "--help"])).toContain("it looks like a flag");
  });
});

describe("is refused as a project name:", () => {
  test.each([
    ["../x", "is not a valid name"],
    ["/abs", "is not a valid name"],
    [".", "is not a valid name"],
    ["..", "is not a valid name"],
    [" ", "it is empty"],
    ["a b", "try --name a-b"],
    ["A", "try --name a"],
    ["@scope", "is not a valid name"],
    ["@/x", "is not a valid name"],
    ["@scope/", "is not a valid name"],
    ["@scope/con", "Windows reserves that name"],
    ["@scope/a/b", "is not a valid name"],
    ["node_modules", "npm reserves that name"],
    ["nul", "Windows reserves that name"],
    ["--help", "--name needs a value"],
    ["-rf", "--name needs a value"],
    ["x; rm -rf ~", "is not a valid name"],
    ["a\nb", "is not a valid name"],
    ["\u001b[31mred", "is not a valid name"],
    ["a\0b", "is not a valid name"],
    ["x".repeat(215), "npm allows at most 214 characters"],
  ])("%j", async (name, message) => {
    expect(await refusal(["--name", name, ...quick])).toContain(message);
    expect(await refusal(["demo", "--name", name, ...quick])).toContain(message);
  });

  test("a flag behind an equals sign", async () => {
    expect(await refusal(["--name=-rf", ...quick])).toContain("it looks like a flag");
    expect(await refusal(["--name=--help", ...quick])).toContain("it looks like a flag");
  });
});

test.each([
  undefined,
  "",
  "npm",
  "NPM/1",
  " npm/1",
  "$(touch pwned)/1",
  "../npm/1",
  "__proto__/1.0.0",
  "constructor/1.0.0 npm/?",
  "bun/1.0.0",
  "\u001b[31mnpm/1",
  "n".repeat(1_000_000),
])("there is no package manager in the user agent %.20j", (agent) => {
  expect(runningPackageManager(agent)).toBeUndefined();
});

test("flags of other scaffolders are unknown", async () => {
  for (const port of ["0", "-1", "70000", "8080;x"]) {
    expect(await refusal(["demo", "--port", port, ...quick])).toContain('unknown flag "--port"');
    expect(await refusal(["demo", `--port=${port}`, ...quick])).toContain('unknown flag "--port"');
  }
});

test("the value of an unknown flag is not shown: it may be a password", async () => {
  const url = "postgres://user:hunter2@localhost/db";
  for (const args of [["--db-url", url], [`--db-url=${url}`]]) {
    const notes = await refusal(["demo", ...args, ...quick]);
    expect(notes).toContain('unknown flag "--db-url"');
    expect(notes).not.toContain("hunter2");
  }
});

describe("is refused as --proto:", () => {
  // Loading the generators takes seconds. The limit below is for refusing the proto.
  beforeAll(async () => {
    await import("../../../src/scaffold/new/render-project.ts");
    await import("../../../src/scaffold/generation/messages.ts");
  });

  test.each([
    ["gone.proto", "no such file or folder"],
    ["folder", "has no .proto file in it"],
    ["/dev/zero", "is not a regular file"],
    ["https://example.com/a.proto", "is a URL"],
    ["a\0b.proto", "cannot be read"],
    ["\u001b[31m.proto", "no such file or folder"],
    ["syntax.proto", "syntax.proto:1:10: "],
    ["latin.proto", "latin.proto:2:"],
    ["polluted.json", "is not a descriptor set"],
    ["polluting.json", "no service"],
    ["evil-names.json", "invalid package"],
    ["evil-path.json", "is outside"],
  ])("%j", async (path, message) => {
    const descriptors = (name: string, packageName: string) => {
      const method = { name: "Get", inputType: ".M", outputType: ".M" };
      const service = [{ name: "S", method: [method] }];
      const file = { name, package: packageName, messageType: [{ name: "M" }], service };
      return JSON.stringify({ file: [file] });
    };
    await writeFiles(cwd, {
      "folder/readme.md": "",
      "syntax.proto": 'syntax = "proto9";\nmessage M {}\n',
      "latin.proto": Buffer.from('syntax = "proto3";\n// caf\xe9\n', "latin1"),
      "polluted.json": '{"__proto__":{"file":[]}}',
      "polluting.json": '{"file":[{"name":"a.proto","constructor":{"prototype":{"x":1}}}]}',
      "evil-names.json": descriptors("a.proto", "$(rm -rf ~)"),
      "evil-path.json": descriptors("../../evil.proto", ""),
    });
    const start = performance.now();
    expect(await refusal(["demo", "--proto", path, ...quick])).toContain(message);
    expect(performance.now() - start).toBeLessThan(10_000);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

test.each(["__proto__", "constructor", "toString"])(
  "%s is not a starter, package manager or flag",
  async (name) => {
    expect(await refusal(["demo", "--starter", name, ...quick])).toContain("no starter");
    expect(await refusal(["demo", "--package-manager", name, ...quick])).toContain("is not one of");
    expect(await refusal(["demo", `--${name}`, ...quick])).toContain("unknown flag");
    expect(await refusal(["demo", `--no-${name}`, ...quick])).toContain("unknown flag");
    expect(await refusal(["demo", `--${name}=x`, ...quick])).toContain("unknown flag");
  },
);

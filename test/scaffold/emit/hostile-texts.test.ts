import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { parseSync } from "rolldown/utils";
import { beforeAll, describe, expect, test } from "vitest";
import { recordFile } from "../../../src/scaffold/new/record.ts";
import { quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";

/** A call that must never show up in code, in every language that might run it. */
const evil = `{{constructor}} {{{evil}}} {{> evil}} \${evil()} \`evil()\` $(evil) <evil> & 'evil'`;
const escaped = `\\"; evil(); ${evil} \\\\ \\n`;
const path = `{{constructor}}/it's \${evil} & \`evil\` {{{evil}}}.proto`;

/** Proto2: its defaults and required fields have the most ways into code. */
const source = `// ${evil} */ evil(); /*
syntax = "proto2";
package hostile;
option go_package = "${escaped}";
option java_package = "${escaped}\u2028";
// ${evil} */ evil(); /*
//${"#"} sourceMappingURL=evil
message M {
  required string a = 1 [default = "${escaped}", json_name = "evil\\";'evil()"];
  required bytes b = 2 [default = "\\000\\"; evil()"];
  required string __proto__ = 3;
  required string constructor = 4;
}
// ${evil} */ evil(); /*
service S { // ${evil}
  // ${evil} */ evil(); /*
  rpc Get(M) returns (M);
}
`;

function expectNoCode(name: string, code: string): void {
  const { errors, program } = parseSync("a.ts", code);
  expect(errors, name).toEqual([]);
  const tree = JSON.stringify(program, (_, value) =>
    typeof value === "bigint" ? `${value}` : value,
  );
  expect(tree, name).not.toContain('"name":"evil"');
}

let cwd: string;
let files: ReadonlyMap<string, string>;

beforeAll(async () => {
  cwd = await temporaryFolder();
  await writeFiles(join(cwd, "in"), { [path]: source });
  const { code, notes } = await run(["demo", ...quick, "--proto", "in"], { cwd });
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  files = await readFiles(join(cwd, "demo"));
});

test("comments and paths of a proto are shown as they are", () => {
  const [, code = ""] =
    [...files].find(([name]) => name === `src/gen/${path.replace(".proto", "_grpc.ts")}`) ?? [];
  expect(code).toContain(` * ${evil} *\\/ evil(); /*\n`);
  expect(files.get("docs/services.md")).toContain(`proto/${path}`);
  expect(files.get(`proto/${path}`)).toBe(source);
});

test("comments and paths of a proto are not code", () => {
  const modules = [...files].filter(([name]) => name.endsWith(".ts"));
  expect(modules.length).toBeGreaterThan(10);
  for (const [name, code] of modules) {
    expectNoCode(name, code);
    expect(code, name).not.toMatch(/^\/\/[#@]|&(?:lt|gt|amp|quot|#x?\d+);/m);
  }
});

test("none of it is in files that shells, make, Docker and YAML read", () => {
  // Only our own commands read the record, which has the paths of protos.
  const others = [...files].filter(
    ([name]) => !/\.(?:ts|proto|md)$/.test(name) && name !== recordFile,
  );
  expect(others.map(([name]) => name)).toEqual(
    expect.arrayContaining(["Makefile", "Dockerfile", "docker-compose.yml", "package.json"]),
  );
  expect(others.filter(([, text]) => text.includes("evil"))).toEqual([]);
  for (const [name, text] of others.filter(([name]) => /\.(?:ya?ml|json)$/.test(name))) {
    expect(() => load(text), name).not.toThrow();
  }
});

test("required fields that are named like members of every object are sent as fields", () => {
  const client = files.get("src/client/index.ts") ?? "";
  expect(client).toContain('a: ""');
  expect(client).toContain('Proto: ""');
  expect(client).toContain('constructor$: ""');
  expect(client).not.toContain("__proto__");
});

describe("a line end that only JavaScript sees", () => {
  const hidden = ["\r", "\u2028", "\u2029"];

  test.each(hidden)("%j, in a comment that is printed as a block, is text", async (end) => {
    const texts = { "in.proto": withComments("", `x${end}evil();`) };
    await writeFiles(cwd, texts);
    const { code } = await run([`block-${end.charCodeAt(0)}`, ...quick, "--proto", "in.proto"], {
      cwd,
    });
    expect(code).toBe(0);
    const printed = await readFiles(join(cwd, `block-${end.charCodeAt(0)}`));
    for (const [name, text] of printed) if (name.endsWith(".ts")) expectNoCode(name, text);
  });

  test.each(hidden)("%j, where protoc-gen-es would make it code, is refused", async (end) => {
    const evilSources = ["// ", "// detached\n\n// ", "/* */ // "].map((start) =>
      withComments(`${start}x${end}evil();\n`, ""),
    );
    for (const text of evilSources) {
      await writeFile(join(cwd, "in.proto"), text);
      const { code, notes } = await run(["refused", ...quick, "--proto", "in.proto"], { cwd });
      expect(code).toBe(2);
      expect(notes).toContain("in.proto: a comment above the package has a line break");
      expect(await readdir(cwd)).not.toContain("refused");
    }
  });

  test("is refused when a project is updated", async () => {
    await writeFile(join(cwd, "in.proto"), withComments("", ""));
    await run(["grown", ...quick, "--proto", "in.proto"], { cwd });
    await writeFile(join(cwd, "grown/proto/in.proto"), withComments("// x\u2028evil();\n", ""));
    const before = await readFiles(join(cwd, "grown"));
    expect(await run(["grown"], { cwd })).toMatchObject({ code: 2, output: "" });
    expect(await readFiles(join(cwd, "grown"))).toEqual(before);
  });

  function withComments(head: string, body: string): string {
    const rest = `/* ${body} */ message M {}\n// ${body}\nservice S { rpc Get(M) returns (M); }`;
    return `${head}syntax = "proto3";\n${head}package b;\n${rest}\n`;
  }
});

test("Windows line ends in a proto stay in its copy", async () => {
  const elsewhere = await temporaryFolder();
  await writeFiles(join(elsewhere, "in"), { [path]: source.replaceAll("\n", "\r\n") });
  await run(["demo", ...quick, "--proto", "in"], { cwd: elsewhere });
  const others = await readFiles(join(elsewhere, "demo"));
  const withReturns = [...others].filter(([, text]) => text.includes("\r"));
  // protoc-gen-es prints comments with the ends that they have.
  const theirs = `src/gen/${path.replace(".proto", "_pb.ts")}`;
  expect(withReturns.map(([name]) => name)).toEqual([`proto/${path}`, theirs]);
  for (const [name, text] of others) {
    // It has the hash of the copy.
    if (name !== recordFile) expect(text.replaceAll("\r", ""), name).toBe(files.get(name));
  }
});

test("a compiler's message does not control the terminal", async () => {
  await writeFile(join(cwd, "bad.proto"), 'syntax = "proto3";\nmessage \u001b[31m\u009b2J {}\n');
  const { code, notes } = await run(["bad", ...quick, "--proto", "bad.proto"], { cwd });
  expect(code).toBe(2);
  expect(notes).toMatch(/^create-grpc-service: bad\.proto:2:\d+: [^\p{Cc}]+\n$/u);
  expect(await readFile(join(cwd, "bad.proto"), "utf8")).toContain("\u001b");
});

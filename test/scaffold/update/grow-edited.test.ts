import { appendFile, readFile, rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { readFiles, run, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

test("code in another encoding than UTF-8 is refused, a document is left alone", async () => {
  const latin = Buffer.from("// caf\xe9\n", "latin1");
  await appendFile(inProject("docs/services.md"), latin);
  await setRpcs(two);
  expect((await grow()).changed).not.toContain("docs/services.md");
  await appendFile(inProject("src/services/user/index.ts"), latin);
  await setRpcs(`${two} rpc Add(M) returns (M);`);
  const before = await readFile(inProject("src/services/user/index.ts"));
  const { notes } = await run(["."], { cwd: inProject() });
  expect(notes).toBe(
    "create-grpc-service: src/services/user/index.ts is not UTF-8; save it as UTF-8\n",
  );
  expect(await readFile(inProject("src/services/user/index.ts"))).toEqual(before);
});

test("a changed index is left alone, and the lines to add are printed", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text.replace("return {", "const handlers = {").replace("  };\n", "  };\n  return handlers;\n"),
  );
  await edit("src/services/index.ts", (text) => text.replace("return [", "return [...extra, "));
  await setRpcs(two);
  const { code, output, changed } = await grow();
  expect(code).toBe(1);
  expect(changed).not.toContain("src/services/user/index.ts");
  expect(changed).toContain("src/services/user/list.ts");
  expect(output).toContain(
    `src/services/user/index.ts has a layout of your own. Add these lines:
  import { list } from "./list.ts";
      list: list(dependencies),
`,
  );
});

test("a service in a folder of another name is found by its index", async () => {
  const files = await readFiles(inProject("src/services/user"));
  await writeFiles(inProject("src/services/people"), Object.fromEntries(files));
  await rm(inProject("src/services/user"), { recursive: true });
  await edit("src/services/index.ts", (text) => text.replace("./user/", "./people/"));
  await setRpcs(two);
  const { changed } = await grow();
  expect(changed).toContain("src/services/people/list.ts");
  expect(changed).toContain("test/services/people/list.test.ts");
  expect(changed).not.toContain("src/services/index.ts");
});

test("handlers written inline or before the RPC are respected", async () => {
  await edit("src/services/user/index.ts", (text) =>
    text.replace("  };\n", "    async list() {\n      return [];\n    }\n  };\n"),
  );
  await writeFiles(inProject(), { "src/services/user/watch.ts": "// mine\n" });
  const three = `${two} rpc Watch(M) returns (M);`;
  await setRpcs(three);
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
  await setRpcs(two);
  const { text } = await grow();
  const index = text("src/services/user/index.ts");
  expect(index).toContain("    get: get(d),\r\n    list: list(d),\r\n  };\r\n");
  expect(index.replaceAll("\r\n", "")).not.toContain("\n");
});

import { expect, test } from "vitest";
import { proto, quick, readFiles, run, temporaryFolder, writeFiles } from "../support.ts";
import { copyBeforeEach, edit, grow, inProject, setRpcs, two } from "./growing-project.ts";

copyBeforeEach();

const marked = ["README.md", "docs/cookbook.md", "docs/services.md", "src/client/index.ts"];

test("marked sections become those of a project that is made anew", async () => {
  const protos = {
    "user.proto": proto("user", two),
    "bank/user.proto": proto("bank", "rpc Pay(M) returns (M);"),
  };
  await writeFiles(inProject("proto"), protos);
  const { text, output } = await grow();
  const cwd = await temporaryFolder();
  await writeFiles(
    cwd,
    Object.fromEntries(Object.entries(protos).map(([path, file]) => [`in/${path}`, file])),
  );
  await run(["demo", ...quick, "--proto", "in"], { cwd });
  const fresh = await readFiles(`${cwd}/demo`);
  const directories = (file: string) =>
    file.replaceAll(/\b(?:user-user|userUser|UserUser)/g, (name) =>
      name.startsWith("U") ? "User" : "user",
    );
  const plain = (file: string) =>
    directories(file)
      .replaceAll(/\s+/g, "")
      .replaceAll(/,(?=[\])])/g, "")
      // Examples, which stay right.
      .replaceAll(
        /grpc-servicecall(?:user|bank)[^`]*|`src\/services\/[\w/-]+\.ts`|`client\.\w+\(/g,
        "",
      );
  for (const path of marked) expect(plain(text(path)), path).toBe(plain(fresh.get(path) ?? ""));
  expect(output).not.toContain("add lines like these");
  expect(output).not.toContain("does not list these");
});

test("a demo client with Windows line ends keeps them, and settles", async () => {
  await edit("src/client/index.ts", (text) => text.replaceAll("\n", "\r\n"));
  await setRpcs(two);
  const first = (await grow()).text("src/client/index.ts");
  expect(first).toContain("userClient.list(");
  expect(first.replaceAll("\r\n", "")).not.toContain("\n");
  const second = await grow();
  expect(second.changed).toEqual([]);
  expect(second.text("src/client/index.ts")).toBe(first);
});

test("a section that the user has changed stays, and the lines are printed", async () => {
  await edit("docs/services.md", (text) => text.replace("| `Get` |", "| `Get`! |"));
  await edit("src/client/index.ts", (text) =>
    text.replace("userClient.get({})", "userClient.get({ ...{} })"),
  );
  await setRpcs(two);
  const { changed, output } = await grow();
  expect(changed).not.toContain("docs/services.md");
  expect(changed).not.toContain("src/client/index.ts");
  expect(output).toContain("src/client/index.ts does not call these yet");
  expect(output).toContain("docs/services.md does not list these yet");
});

test("a removed RPC leaves the sections, and text around them stays", async () => {
  await setRpcs(two);
  await grow();
  await edit("docs/services.md", (text) => `${text}\nmine\n`);
  await setRpcs("rpc Get(M) returns (M);");
  const { text } = await grow();
  expect(text("docs/services.md")).toMatch(/\nmine\n$/);
  expect(text("docs/services.md")).not.toContain("List");
  expect(text("src/client/index.ts")).not.toContain("List");
});

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

const filledIn = (text: string) => text.replace("userClient.get({})", "userClient.get({ ...{} })");

test("a document that the user has changed stays, and the lines are printed", async () => {
  await edit("docs/services.md", (text) => text.replace("| `Get` |", "| `Get`! |"));
  await setRpcs(two);
  const { changed, output } = await grow();
  expect(changed).not.toContain("docs/services.md");
  expect(output).toContain("docs/services.md does not list these yet");
});

test.each(["\n", "\r\n"])(
  "a demo client that the user has filled in gets the calls of new RPCs, with %j",
  async (eol) => {
    await edit("src/client/index.ts", (text) => filledIn(text).replaceAll("\n", eol));
    await setRpcs(two);
    await writeFiles(inProject("proto"), {
      "bank/user.proto": proto("bank", "rpc Pay(M) returns (M);"),
    });
    const { text, output } = await grow();
    expect(output).not.toContain("add lines like these");
    const client = text("src/client/index.ts");
    expect(client.replaceAll(eol, "")).not.toMatch(/[\r\n]/);
    expect(client).toMatch(/connect\(\[\w+, bankUserDefinition\]/);
    const [, part = ""] = /sync: .*\r?\n([\s\S]*)\/\/ end of sync/.exec(client) ?? [];
    expect(part.split(eol)).toEqual([
      expect.stringContaining("const userClient = new "),
      "",
      'await show("user.UserService/Get", userClient.get({ ...{} }));',
      expect.stringContaining("const bankUserClient = new "),
      expect.stringContaining('await show("user.UserService/List", userClient.list('),
      'await show("bank.UserService/Pay", bankUserClient.pay({}));',
      "",
    ]);
    // Whoever removes a call means it.
    await edit("src/client/index.ts", (text) => text.replace(/await show\("bank.*\r?\n/, ""));
    const again = await grow();
    expect(again.changed).toEqual([]);
    expect(again.output).not.toContain("add lines like these");
  },
);

test("comments in the list of services of a demo client stay", async () => {
  await edit("src/client/index.ts", (text) =>
    filledIn(text).replace(/connect\(\[(\w+)\]/, "connect([\n    // mine\n    $1, // ours\n  ]"),
  );
  await writeFiles(inProject("proto"), {
    "bank/user.proto": proto("bank", "rpc Pay(M) returns (M);"),
  });
  const { text } = await grow();
  expect(text("src/client/index.ts")).toMatch(
    /connect\(\[\n {4}\/\/ mine\n {4}\w+, \/\/ ours\n {4}bankUserDefinition,\n {2}\]/,
  );
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

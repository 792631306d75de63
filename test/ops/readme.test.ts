import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../commands/support/run-command.ts";
import { codeBlocks, inlineCommands, shellCommands } from "../support/markdown.ts";
import { choices, scaffold } from "./projects.ts";

describe.each(choices)("README.md with $title", ({ choice }) => {
  let project: string;
  let readme: string;
  const read = (path: string) => readFile(join(project, path), "utf8");
  beforeAll(async () => {
    project = await scaffold(choice);
    readme = await read("README.md");
  });

  test.each([
    ["README.md", 4], // the documents in docs/
    ["docs/services.md", 6], // the handler of each RPC
  ])("the links of %s lead to files that are there", async (path, count) => {
    const text = await read(path);
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].flatMap(([, to]) => to ?? []);
    expect(links).toHaveLength(count);
    const folder = join(project, dirname(path));
    expect(links.filter((to) => !existsSync(join(folder, to)))).toEqual([]);
  });

  test("is one screen", () => {
    expect(readme.split("\n").length).toBeLessThanOrEqual(65);
  });

  test("lists every command of grpc-service but the completion", async () => {
    const rows = [...readme.matchAll(/^\| (`\w.*?) \| /gm)].map(([, names = ""]) => names);
    const shown = rows.flatMap((row) =>
      [...row.matchAll(/`([\w-]+)[^`]*`/g)].map(([, name]) => name),
    );
    const help = (await runCommand(["--help"], { cwd: project })).output;
    const commands = [...help.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
    expect([...new Set(shown), "completion"].sort()).toEqual(commands.sort());
  });

  test("shows folders and files that are there", () => {
    const tree = codeBlocks(readme).find(({ text }) => text.startsWith("proto/"))?.text ?? "";
    const paths = [...tree.matchAll(/^( *)(\S+)/gm)].map(([, indent, name = ""]) =>
      indent === "" ? name : `src/${name}`,
    );
    const added = ["src/database/", "migrations/", "deploy/"];
    expect(paths).toHaveLength(11 + added.filter((path) => paths.includes(path)).length);
    const present = added.filter((path) => existsSync(join(project, path)));
    expect(paths.filter((path) => added.includes(path))).toEqual(present);
    expect(paths.filter((path) => !existsSync(join(project, path)))).toEqual([]);
  });

  // test/e2e runs those of the shell blocks, test/ops/installed.test.ts the targets of make.
  test("knows every command that README.md, AGENTS.md and docs show", async () => {
    const documents = ["AGENTS.md", "docs/cookbook.md", "docs/operations.md"];
    const texts = [readme, ...(await Promise.all(documents.map(read)))];
    const commands = texts.flatMap((text) => [...shellCommands(text), ...inlineCommands(text)]);
    const { scripts }: { readonly scripts: object } = JSON.parse(await read("package.json"));
    const makefile = await read("Makefile");
    const compose = await read("docker-compose.yml");
    const help = (await runCommand(["--help"], { cwd: project })).output;
    const certsHelp = (await runCommand(["certs", "--help"], { cwd: project })).output;
    const isKnown = (command: string): boolean => {
      const [, script] = /^npm run (\S+)/.exec(command) ?? [];
      if (script !== undefined) return script in scripts;
      const [, target] = /^make (\S+)$/.exec(command) ?? [];
      if (target !== undefined) return makefile.includes(`\n${target}:`);
      const [, folder] = /^kubectl apply -k (\S+)$/.exec(command) ?? [];
      if (folder !== undefined) return existsSync(join(project, folder, "kustomization.yaml"));
      const [, image] = /^docker run --rm (?:-[ep] \S+ )+(\S+)$/.exec(command) ?? [];
      if (image !== undefined) return compose.includes(`image: ${image}\n`);
      const [, flag] = /^npx grpc-service certs (--\w+)$/.exec(command) ?? [];
      if (flag !== undefined) return certsHelp.includes(`\n  ${flag} `);
      if (command === "node dist/main.js") return existsSync(join(project, "src/main.ts"));
      const [, name] = /^npx grpc-service (\w+)(?: .*)?$/.exec(command) ?? [];
      return name === undefined ? command === "npm install" : help.includes(`\n  ${name} `);
    };
    expect(commands).toEqual(expect.arrayContaining(["npm run lint", "make docker-up"]));
    expect(commands.filter((command) => !isKnown(command))).toEqual([]);
  });
});

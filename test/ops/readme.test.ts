import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { lendModules } from "../scaffold/support.ts";
import { choices, scaffold, titleOf } from "./projects.ts";

describe.each(choices.map((choice) => ({ title: titleOf(choice), choice })))(
  "README.md with $title",
  ({ choice }) => {
    let project: string;
    let readme: string;
    beforeAll(async () => {
      project = await scaffold(choice);
      readme = await readFile(join(project, "README.md"), "utf8");
    });

    test("links to files that are there", () => {
      const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].flatMap(
        ([, path]) => path ?? [],
      );
      expect(links.length).toBeGreaterThan(5);
      expect(links.filter((path) => !existsSync(join(project, path)))).toEqual([]);
    });

    test("shows folders and files that are there", () => {
      const tree = /```\nproto\/[\s\S]*?```/.exec(readme)?.[0] ?? "";
      const paths = tree
        .split("\n")
        .slice(1, -1)
        .flatMap((line) => {
          const [, indent = "", names = ""] = /^( *)(\S+(?:(?<=,) \S+)?)/.exec(line) ?? [];
          return names.split(", ").map((name) => (indent === "" ? name : `src/${name}`));
        });
      expect(paths.length).toBeGreaterThan(12);
      expect(paths.filter((path) => !existsSync(join(project, path)))).toEqual([]);
    });

    test("names scripts of package.json and targets of the Makefile", async () => {
      const manifest = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
      const scripts = new Set(
        [...readme.matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, s]) => s),
      );
      expect([...scripts].filter((script) => !(String(script) in manifest.scripts))).toEqual([]);
      const makefile = await readFile(join(project, "Makefile"), "utf8");
      const targets = [...readme.matchAll(/(?:^|`)make ([a-z-]+)/gm)].map(([, target]) => target);
      expect(targets.length).toBeGreaterThan(1);
      expect(targets.filter((target) => !makefile.includes(`\n${target}:`))).toEqual([]);
    });

    test("has every setting as the code describes it, and no other", async () => {
      const starter = await readFile(join(project, "docs/starter.md"), "utf8");
      const rows = [...`${readme}${starter}`.matchAll(/^\| `[A-Z_]+` \|[^|]*\|[^|]*\|$/gm)].map(
        ([row]) => row,
      );
      await lendModules(project);
      const print = `import { settingsTable } from "./src/config/describe.ts";
        console.log(settingsTable());`;
      const tsx = join(packageRoot(), "node_modules/tsx/dist/cli.mjs");
      const { stdout } = await execa(process.execPath, [tsx, "-e", print], { cwd: project });
      expect(rows.sort()).toEqual(stdout.split("\n").sort());
    });

    test("has the interceptors in the order of src/interceptors/index.ts", async () => {
      const code = await readFile(join(project, "src/interceptors/index.ts"), "utf8");
      const layers = /layersByMethod\(\s*\[([\s\S]*?)\n {4}\],/.exec(code)?.[1] ?? "";
      const names = layers
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) =>
          [...line.replace(/\/\/.*/, "").matchAll(/\b([a-zA-Z]+)\(/g)]
            .map(([, name = ""]) => name)
            .find((name) => !["when", "unless", "auditLog"].includes(name)),
        );
      const rows = [...readme.matchAll(/^\| \d+ ([a-z-]+) \|/gm)].map(([, name = ""]) =>
        name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
      );
      expect(rows).toEqual(names.map((name) => name?.replace("serverTracing", "tracing")));
    });
  },
);

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
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
      expect(paths.length).toBeGreaterThan(8);
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
  },
);

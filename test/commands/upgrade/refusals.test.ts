import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { runGit } from "../../../src/scaffold/git.ts";
import { newer, noFormatter } from "./newer-version.ts";
import {
  commit,
  copyBeforeEach,
  edit,
  forgetGit,
  inProject,
  upgrade,
} from "./upgrading-project.ts";

copyBeforeEach();

test("what is not committed is refused, and nothing changes", async () => {
  await edit("src/app.ts", (text) => `${text}// new\n`);
  expect(await upgrade(newer)).toEqual({
    code: 2,
    output: "",
    notes:
      "src/app.ts is not committed; commit or stash your changes first, so that git can undo this",
    changed: [],
  });
});

const refused = (notes: string | RegExp) => ({
  code: 2,
  output: "",
  notes: typeof notes === "string" ? noFormatter + notes : expect.stringMatching(notes),
  changed: [],
});

test("a folder that the repository around it ignores is refused", async () => {
  await forgetGit();
  const parent = dirname(inProject());
  await runGit(parent, ["init", "--quiet"]);
  await writeFile(join(parent, ".gitignore"), "demo/\n");
  await commit(parent);
  expect(await upgrade(newer)).toEqual(
    refused(/^the git repository around this folder ignores it, so git could not undo this; .*$/),
  );
});

test.each([
  ["--skip-worktree", "skip-worktree"],
  ["--assume-unchanged", "assume-unchanged"],
])("a file with %s is refused if it would change", async (flag, name) => {
  await runGit(inProject(), ["update-index", flag, "Makefile", "README.md"]);
  await edit("Makefile", (text) => `${text}# not committed\n`);
  expect(await upgrade(newer)).toEqual(
    refused(
      `Makefile would change, and git could not undo that: it is marked ${name}; run git update-index --no-${name} Makefile and commit it`,
    ),
  );
});

test("an ignored file is refused if it would change", async () => {
  await runGit(inProject(), ["rm", "--quiet", "--cached", "Makefile"]);
  await edit(".gitignore", (text) => `${text}Makefile\n`);
  await commit();
  expect(await upgrade(newer)).toEqual(
    refused(
      "Makefile would change, and git could not undo that: git ignores it; run git add -f Makefile and commit it",
    ),
  );
});

test("a repository that git does not trust is refused with the reason of git", async () => {
  await writeFile(inProject(".git/config"), "[core\n");
  expect(await upgrade(newer)).toEqual(refused(/^git does not work here: bad config line 1 .*$/));
});

test("GIT_DIR of a hook does not make it look at another repository", async () => {
  await edit("src/app.ts", (text) => `${text}// new\n`);
  process.env.GIT_DIR = inProject("nowhere");
  try {
    expect((await upgrade(newer)).notes).toContain("src/app.ts is not committed");
  } finally {
    delete process.env.GIT_DIR;
  }
});

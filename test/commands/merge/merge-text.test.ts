import { describe, expect, test } from "vitest";
import { mergeWithGit } from "../../../src/commands/merge/git.ts";
import { keepingInsertions } from "../../../src/commands/merge/keep-insertions.ts";
import { mergeFile } from "../../../src/commands/merge/merge-text.ts";
import { mergeWithLibrary } from "../../../src/commands/merge/merge-with-library.ts";

const labels = { ours: "yours", base: "tool 1", theirs: "tool 2" };

const base = "one\ntwo\nthree\nfour\nfive\n";

describe.each([
  ["git", mergeWithGit],
  ["the library", mergeWithLibrary],
])("with %s", (_, merge) => {
  const mergeOf = (ours: string, theirs: string, before = base) => {
    const sides = { base: before, theirs };
    return mergeFile(merge, ours, sides, sides, labels);
  };

  test("changes of other lines are both in the result", async () => {
    const merged = await mergeOf(base.replace("one", "ONE"), base.replace("five", "FIVE"));
    expect(merged).toEqual({ text: "ONE\ntwo\nthree\nfour\nFIVE\n", conflicts: [] });
  });

  test("a byte order mark is no difference, and stays", async () => {
    expect(await mergeOf(`\uFEFF${base}`, base.replace("one", "ONE"))).toEqual({
      text: "\uFEFFONE\ntwo\nthree\nfour\nfive\n",
      conflicts: [],
    });
  });

  test.each(["\n", "\r\n"])(
    "insertions at one place are both kept if so wished (%j)",
    async (eol) => {
      const mergeBoth = (ours: string, theirs: string) => {
        const sides = { base, theirs };
        return mergeFile(
          keepingInsertions(merge),
          ours.replaceAll("\n", eol),
          sides,
          sides,
          labels,
        );
      };
      expect(
        await mergeBoth(base.replace("two", "two\nmine"), base.replace("two", "two\nnew")),
      ).toEqual({
        text: "one\ntwo\nmine\nnew\nthree\nfour\nfive\n".replaceAll("\n", eol),
        conflicts: [],
      });
      const changed = await mergeBoth(
        base.replace("two", "2\nmine"),
        base.replace("two", "two\nnew"),
      );
      expect(changed.conflicts).toEqual([2]);
    },
  );

  describe("insertions beside a comment that invites them", () => {
    const before = "interface Config {\n  // Your own.\n}\n";
    const theirs = before.replace("  // Your own.", "  redis: Redis;");
    const mergeBoth = (ours: string) => {
      const sides = { base: before, theirs };
      return mergeFile(keepingInsertions(merge), ours, sides, sides, labels);
    };

    test.each([
      ["below it", "  // Your own.\n  mine: Mine;"],
      ["above it", "  mine: Mine;\n  // Your own."],
      ["instead of it", "  mine: Mine;"],
    ])("%s are both kept, and the comment goes", async (_, lines) => {
      expect(await mergeBoth(before.replace("  // Your own.", lines))).toEqual({
        text: "interface Config {\n  mine: Mine;\n  redis: Redis;\n}\n",
        conflicts: [],
      });
    });
  });

  describe("lines that the user inserted beside a line that is replaced", () => {
    const theirs = base.replace("three", "3a\n3b");
    const mergeBoth = (ours: string) => {
      const sides = { base, theirs };
      return mergeFile(keepingInsertions(merge), ours, sides, sides, labels);
    };

    test.each([
      ["below it", "three\nmine", "3a\n3b\nmine"],
      ["above it", "mine\nthree", "mine\n3a\n3b"],
      ["on both sides of it", "mine\nthree\nalso", "mine\n3a\n3b\nalso"],
    ])("%s stay there", async (_, lines, merged) => {
      expect(await mergeBoth(base.replace("three", lines))).toEqual({
        text: base.replace("three", merged),
        conflicts: [],
      });
    });

    test.each([
      ["changed too", "THREE\nmine"],
      ["repeated", "three\nmine\nthree"],
      ["removed", "mine"],
    ])("are a conflict if that line was %s", async (_, lines) => {
      expect((await mergeBoth(base.replace("three", lines))).conflicts).toEqual([3]);
    });
  });

  test("imports at one place are both kept, in the order that the linter wants", async () => {
    const first = 'import a from "a";\n';
    const sides = {
      base: `${first}\ncode;\n`,
      theirs: `${first}import z from "z/y";\nimport d from "./d.ts";\n\ncode;\n`,
    };
    const ours = `${first}import {\n  c,\n} from "./c.ts";\nimport "./e.ts";\n\ncode;\n`;
    expect(await mergeFile(keepingInsertions(merge), ours, sides, sides, labels)).toEqual({
      text: `${first}import z from "z/y";\nimport {\n  c,\n} from "./c.ts";\nimport d from "./d.ts";\nimport "./e.ts";\n\ncode;\n`,
      conflicts: [],
    });
  });

  test("the same change on both sides is no conflict", async () => {
    const both = base.replace("two", "2");
    expect(await mergeOf(both.replace("five", "5"), both)).toEqual({
      text: "one\n2\nthree\nfour\n5\n",
      conflicts: [],
    });
  });

  test("other changes of one line are a conflict with all three texts", async () => {
    expect(await mergeOf(base.replace("three", "mine"), base.replace("three", "new"))).toEqual({
      text: `one
two
<<<<<<< yours
mine
||||||| tool 1
three
=======
new
>>>>>>> tool 2
four
five
`,
      conflicts: [3],
    });
  });

  test("a file with CRLF stays one", async () => {
    const ours = base.replace("one", "mine").replaceAll("\n", "\r\n");
    const { text, conflicts } = await mergeOf(ours, base.replace("five", "new"));
    expect(text).toBe("mine\r\ntwo\r\nthree\r\nfour\r\nnew\r\n");
    expect(conflicts).toEqual([]);
    const conflict = await mergeOf(ours, base.replace("one", "new"));
    expect(conflict.conflicts).toEqual([1]);
    expect(conflict.text).toMatch(/^<<<<<<< yours\r?\nmine\r\n/);
  });

  test("files without a line ending at their end", async () => {
    const { text, conflicts } = await mergeOf("one\nmine", "one\nnew", "one\ntwo");
    expect(conflicts).toEqual([2]);
    expect(text).toBe(
      "one\n<<<<<<< yours\nmine\n||||||| tool 1\ntwo\n=======\nnew\n>>>>>>> tool 2\n",
    );
  });
});

test("texts as they were printed are merged where the formatted ones conflict", async () => {
  const ours = 'const a = "1";\nconst mine = 2;\n';
  const raw = { base: 'const a = "1";\n', theirs: 'const a = "1";\nconst c = 3;\n' };
  const formatted = { base: "const a = '1'\n", theirs: "const a = '1'\nconst c = 3\n" };
  const apart = { ...raw, theirs: `const b = 0;\n${raw.base}` };
  expect((await mergeFile(mergeWithLibrary, ours, formatted, raw, labels)).conflicts).toEqual([1]);
  expect(
    await mergeFile(
      mergeWithLibrary,
      ours,
      { ...formatted, theirs: "const b = 0\nconst a = '1'\n" },
      apart,
      labels,
    ),
  ).toEqual({ text: `const b = 0;\n${ours}`, conflicts: [] });
});

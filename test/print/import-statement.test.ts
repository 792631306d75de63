import { describe, expect, test } from "vitest";
import {
  compareImports,
  type ImportedName,
  printImport,
} from "../../src/print/import-statement.ts";

/** From `A`, `A as B` or `type A`. */
function imported(item: string): ImportedName {
  const [, type, name = "", local = name] = /^(type )?(\S+)(?: as (\S+))?$/.exec(item) ?? [];
  return { name, local, typeOnly: type !== undefined };
}

function print(names: string, typeOnly = false, path = "./a.ts"): string {
  return printImport({ path, typeOnly, names: names.split(", ").map(imported) });
}

describe("one statement", () => {
  test("names are sorted by number and case, by what they are called here", () => {
    const names =
      "_a, $b, A2, A10, Aa, AB, Ab, aB, B_C, B$, B as B$1, B$10, BA, Foo as Bar, BC, ab as Fb, Zz, Éa";
    const reversed = names.split(", ").toReversed().join(", ");
    const expected = names.split(", ").map((name) => `  ${name},\n`);
    expect(print(reversed)).toBe(`import {\n${expected.join("")}} from "./a.ts";`);
  });

  test("types say so, each or all", () => {
    expect(print("b, type A")).toBe('import { type A, b } from "./a.ts";');
    expect(print("type B, type A", true)).toBe('import type { A, B } from "./a.ts";');
  });

  test("a single name is never broken", () => {
    const long = "x".repeat(120);
    expect(print(long)).toBe(`import { ${long} } from "./a.ts";`);
    expect(print(`${long}, b`)).toBe(`import {\n  b,\n  ${long},\n} from "./a.ts";`);
  });

  test("brackets, commas and quotes in a path are no code", () => {
    const path = `./(a, b)/${"y".repeat(90)}"_pb.ts`;
    expect(print("A", false, path)).toBe(`import { A } from ${JSON.stringify(path)};`);
  });
});

test("packages come first, then far directories, near ones; types before values", () => {
  const sorted: [path: string, typeOnly: boolean][] = [
    ["@bufbuild/protobuf", true],
    ["@bufbuild/protobuf/wkt", false],
    ["vitest", false],
    ["#app", false],
    ["@/app", false],
    ["../../b.ts", false],
    ["../../b.ts/c.ts", false],
    ["..", false],
    ["../a.ts", false],
    ["./1st.ts", false],
    ["./a_pb.ts", true],
    ["./a_pb.ts", false],
    ["./a2_pb.ts", false],
    ["./a10_pb.ts", false],
    ["./ab/c.ts", false],
    ["./안녕.ts", false],
  ];
  const statements = sorted.map(([path, typeOnly]) => ({ path, typeOnly }));
  expect(statements.toReversed().sort(compareImports)).toEqual(statements);
});

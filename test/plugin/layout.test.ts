import { expect, test } from "vitest";
import { layoutImports, layoutLine } from "../../src/plugin/layout.ts";

const long = "x".repeat(60);

test("lines that fit are left alone", () => {
  const text = "export const a = defineService(A, {});\n\n// a comment\n";
  expect(layoutLine(text)).toBe(text);
});

test("comments are never broken", () => {
  const text = ` * (a, b) ${long} ${long}\n// (a, b) ${long} ${long}\n/** (a, b) ${long} ${long} */`;
  expect(layoutLine(text)).toBe(text);
});

test("parameters go one a line, with a comma after the last", () => {
  expect(layoutLine(`  get(request: ${long}, context: CallContext): Promise<Reply> {`)).toBe(
    `  get(\n    request: ${long},\n    context: CallContext,\n  ): Promise<Reply> {`,
  );
});

test("type arguments have no comma after the last", () => {
  expect(
    layoutLine(`  readonly a: MethodDefinition<"unary", typeof ${long}, typeof BCDEFGH>;`),
  ).toBe(
    `  readonly a: MethodDefinition<\n    "unary",\n    typeof ${long},\n    typeof BCDEFGH\n  >;`,
  );
});

test("a union goes one type a line", () => {
  const type = `Of<typeof ${long}>`;
  expect(layoutLine(`    requests: Async<${type}> | Sync<${type}>,`)).toBe(
    `    requests:\n      | Async<${type}>\n      | Sync<${type}>,`,
  );
});

test("brackets and commas in a path are no brackets", () => {
  const line = `import { A } from "./(a, b)/${long}/${long}_pb.ts";`;
  expect(layoutLine(line)).toBe(line);
});

test("imports are sorted: packages, far directories, near ones; types before values", () => {
  const sorted = [
    'import type { A } from "@bufbuild/protobuf";',
    'import { b } from "../../b.ts";',
    'import { a } from "../a.ts";',
    'import type { B } from "./a_pb.ts";',
    'import { c } from "./a_pb.ts";',
    'import { d } from "./a2_pb.ts";',
    'import { e } from "./a10_pb.ts";',
    'import { f } from "./ab/c.ts";',
  ];
  expect(layoutImports(`// head\n\n${sorted.toReversed().join("\n")}\n\n#names A B\ncode`)).toBe(
    `// head\n\n${sorted.join("\n")}\n\ncode`,
  );
});

test("names in imports are sorted by number and case", () => {
  const names = "_a, $b, A2, A10, Aa, AB, aB, B as B$1, B_C, B$, BC";
  const reversed = names.split(", ").toReversed().join(", ");
  expect(layoutImports(`import { ${reversed} } from "./a.ts";\n\n#names A B\n`)).toBe(
    `import { ${names} } from "./a.ts";\n\n`,
  );
});

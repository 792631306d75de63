import { describe, expect, test } from "vitest";
import { printImport } from "../../src/print/import-statement.ts";
import { Imports } from "../../src/print/imports.ts";

describe("names", () => {
  test("an import is called what its module calls it", () => {
    const imports = new Imports();
    expect(imports.value("a", "./a.ts")).toBe("a");
    expect(imports.type("B", "./a.ts")).toBe("B");
  });

  test("the same import has the same name", () => {
    const imports = new Imports(["a"]);
    expect(imports.value("a", "./a.ts")).toBe("a$1");
    expect(imports.type("a", "./a.ts")).toBe("a$1");
    expect(imports.statements()).toHaveLength(1);
  });

  test("where a name is taken, it gets a number", () => {
    const imports = new Imports(["a"]);
    expect(imports.value("a", "./a.ts")).toBe("a$1");
    expect(imports.value("a", "./b.ts")).toBe("a$2");
    expect(imports.value("a$1", "./c.ts")).toBe("a$1$1");
    expect(imports.print()).toBe(
      'import { a as a$1 } from "./a.ts";\nimport { a as a$2 } from "./b.ts";\nimport { a$1 as a$1$1 } from "./c.ts";',
    );
  });

  test("where a name is taken, an alias is used", () => {
    const imports = new Imports(["a"]);
    expect(imports.value("a", "./a.ts", "ownA")).toBe("ownA");
    expect(imports.value("a", "./b.ts", "ownA")).toBe("ownA$1");
    expect(imports.value("b", "./b.ts", "ownB")).toBe("b");
  });

  test("a name can be chosen before its first use", () => {
    const imports = new Imports();
    imports.name("a", "./b.ts");
    expect(imports.type("a", "./a.ts")).toBe("a$1");
    expect(imports.print()).toBe('import type { a as a$1 } from "./a.ts";');
    expect(imports.value("a", "./b.ts")).toBe("a");
    expect(imports.print()).toContain('import { a } from "./b.ts";');
  });
});

describe("statements", () => {
  function mixed() {
    const imports = new Imports();
    imports.value("z", "./z.ts");
    imports.type("B", "./a.ts");
    imports.value("a", "./a.ts");
    imports.type("T", "./types.ts");
    imports.value("test", "vitest");
    return imports;
  }

  test("one for each module, sorted", () => {
    expect(mixed().print()).toBe(`import { test } from "vitest";
import { a, type B } from "./a.ts";
import type { T } from "./types.ts";
import { z } from "./z.ts";`);
  });

  test("types separate from values", () => {
    expect(mixed().statementsByKind().map(printImport)).toEqual([
      'import { test } from "vitest";',
      'import type { B } from "./a.ts";',
      'import { a } from "./a.ts";',
      'import type { T } from "./types.ts";',
      'import { z } from "./z.ts";',
    ]);
  });

  test("a type that is also used as a value is imported as a value", () => {
    const imports = new Imports();
    imports.type("A", "./a.ts");
    imports.value("A", "./a.ts");
    imports.type("A", "./a.ts");
    expect(imports.statementsByKind().map(printImport)).toEqual(['import { A } from "./a.ts";']);
  });

  test("nothing is imported unless something is asked for", () => {
    expect(new Imports(["a"]).print()).toBe("");
  });
});

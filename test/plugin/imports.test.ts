import { join } from "node:path";
import { expect, test } from "vitest";
import {
  caseNames,
  caseParameter,
  casesDirectory,
  compile,
  filesOf,
  requestFor,
  run,
} from "./support.ts";

/** Local names in the import statements of a module, and the code behind these. */
function importsOf(code: string): { names: string[]; rest: string } {
  const statement = /^import (?:type )?\{([^}]*)\} from ".*";$/gm;
  const names = [...code.matchAll(statement)].flatMap(([, list = ""]) => list.split(","));
  return {
    names: names.map((name) => name.trim().replace(/^.* as /, "")).filter((name) => name !== ""),
    rest: code.replace(statement, "").replace(/\/\*[\s\S]*?\*\//g, ""),
  };
}

// Statements and code are printed apart: they must use the same names.
test.each(caseNames)("every import of case %s is used by its name", (name) => {
  const files = filesOf(run(requestFor(compile(join(casesDirectory, name)), caseParameter(name))));
  for (const [path, code] of files) {
    const { names, rest } = importsOf(code);
    expect(new Set(names).size, path).toBe(names.length);
    const words = new Set(rest.match(/[\w$]+/g));
    expect(
      names.filter((word) => !words.has(word)),
      path,
    ).toEqual([]);
  }
});

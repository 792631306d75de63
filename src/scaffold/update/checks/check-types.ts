import { join } from "node:path";
import { runProgram } from "../../program.ts";
import { exists, localProgram } from "./local-program.ts";

/** What the compiler of a project says about it. */
export type TypeCheck =
  | { readonly kind: "passed" }
  /** Errors as `src/app.ts:3:7: ...`, in the order of the compiler. */
  | { readonly kind: "failed"; readonly errors: readonly string[] }
  | { readonly kind: "not checked"; readonly reason: string };

/** Runs the project's own `tsc --noEmit`. */
export async function checkTypes(project: string, signal: AbortSignal): Promise<TypeCheck> {
  const tsc = await localProgram(project, "tsc");
  if (tsc === undefined) {
    return { kind: "not checked", reason: "node_modules has no tsc; install the packages first" };
  }
  if (!(await exists(join(project, "tsconfig.json")))) {
    return { kind: "not checked", reason: "there is no tsconfig.json" };
  }
  const { exitCode, startError, output, errors } = await runProgram(
    tsc,
    ["--noEmit", "--pretty", "false"],
    { folder: project, signal },
  );
  if (exitCode === 0) return { kind: "passed" };
  if (startError !== undefined) return { kind: "not checked", reason: `tsc: ${startError}` };
  const lines = `${Buffer.from(output).toString("utf8")}${errors}`.split(/\r?\n/);
  const found = lines.flatMap((line) => {
    const [, path = "", row = "", column = "", text = ""] =
      /^(\S.*?)\((\d+),(\d+)\): error (.*)$/.exec(line) ?? [];
    return path === "" ? [] : [`${path}:${row}:${column}: ${text}`];
  });
  const rest = lines.filter((line) => line.trim() !== "").slice(0, 3);
  const reasons = rest.length > 0 ? rest : [`tsc ended with code ${exitCode}`];
  return { kind: "failed", errors: found.length > 0 ? found : reasons };
}

import type { Reporter, TestModule } from "vitest/node";

/**
 * Closes a run with what failed, a line each, and one line that any CI can read:
 * `N passed, N failed`. At the very end, because that is the part of a long log that is kept.
 */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let skipped = 0;
    const failures = unhandledErrors.map((error) => `unhandled: ${firstLine(error)}`);
    for (const module of modules) {
      const path = module.relativeModuleId;
      // A file that does not load has errors of its own and no tests.
      for (const error of module.errors()) failures.push(`${path}: ${firstLine(error)}`);
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") {
          failures.push(`${path} > ${test.fullName}: ${firstLine(errors?.[0])}`);
        } else skipped += 1;
      }
    }
    // Written when the other reporters are done, so that it comes last.
    process.once("exit", () => {
      for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
      const tail = skipped > 0 ? `, ${skipped} skipped` : "";
      process.stdout.write(`${passed} passed, ${failures.length} failed${tail}\n`);
    });
  }
}

/** The beginning of what an error says. */
function firstLine(error: unknown): string {
  const message = error instanceof Object && "message" in error ? String(error.message) : error;
  return (String(message).split("\n")[0] ?? "").slice(0, 200);
}

import type { Reporter, TestCase, TestModule } from "vitest/node";

export interface SummaryOptions {
  /** Names of the tools that this machine lacks. They are the tags of the tests that need them. */
  readonly missingTools: readonly string[];
  /** Whether a skipped test is a failure. */
  readonly failOnSkipped: boolean;
}

/**
 * Closes a run with one line for each test that failed or could not run, and one line that any CI
 * can read: `N passed, N failed`. At the very end, because that is the part of a long log that is
 * kept.
 */
export class SummaryReporter implements Reporter {
  readonly #options: SummaryOptions;

  constructor(options: SummaryOptions) {
    this.#options = options;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const { failOnSkipped } = this.#options;
    const failures = unhandledErrors.map((error) => `unhandled: ${firstLine(error)}`);
    const notes: string[] = [];
    let passed = 0;
    let skipped = 0;
    for (const module of modules) {
      const path = module.relativeModuleId;
      // Of a file that does not load, and of hooks: their tests do not run.
      for (const error of module.errors()) failures.push(`${path}: ${firstLine(error)}`);
      for (const suite of module.children.allSuites()) {
        const name = `${path} > ${suite.fullName}`;
        failures.push(...suite.errors().map((error) => `${name}: ${firstLine(error)}`));
      }
      for (const test of module.children.allTests()) {
        const name = `${path} > ${test.fullName}`;
        const { state, errors } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") failures.push(`${name}: ${firstLine(errors?.[0])}`);
        else if (state === "skipped" && failOnSkipped) {
          failures.push(`${name}: skipped: ${this.#reasonOfSkip(test) ?? "no reason given"}`);
        } else {
          skipped += 1;
          // Without a reason it was left out on purpose (by `-t`, for example), or a hook failed.
          const reason = this.#reasonOfSkip(test);
          if (reason !== undefined) notes.push(`${name}: ${reason}`);
        }
      }
    }
    if (failures.length > 0) process.exitCode = 1;
    // Written when the other reporters are done, so that it comes last.
    process.once("exit", () => {
      for (const note of notes) process.stdout.write(`skipped: ${note}\n`);
      for (const failure of failures) process.stdout.write(`failed: ${failure}\n`);
      const tail = skipped > 0 ? `, ${skipped} skipped` : "";
      process.stdout.write(`${passed} passed, ${failures.length} failed${tail}\n`);
    });
  }

  #reasonOfSkip(test: TestCase): string | undefined {
    const missing = this.#options.missingTools.filter((tool) => test.tags.includes(tool));
    if (missing.length > 0) return `this machine lacks ${missing.join(" and ")}`;
    const result = test.result();
    return result.state === "skipped" ? result.note : undefined;
  }
}

/** The beginning of what an error says. */
function firstLine(error: unknown): string {
  const message = error instanceof Object && "message" in error ? String(error.message) : error;
  return (String(message).split("\n")[0] ?? "").slice(0, 200);
}

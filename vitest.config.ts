import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/summary-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/.tmp/**", "**/node_modules/**"],
    reporters: ["default", new SummaryReporter()],
    // Two at least: files wait for other processes, and for time to pass, more than they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Limits for what hangs, not for what is slow on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

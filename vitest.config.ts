import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/summary-reporter.ts";
import { missingTools, tools } from "./test/support/tools.ts";

const missing = missingTools();

/** The sources of grpc-service, so that tests need no build; the others are Vite's defaults. */
const conditions = ["@grpc-service/source", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/.tmp/**", "**/node_modules/**"],
    reporters: [
      "default",
      new SummaryReporter({
        missingTools: missing,
        failOnSkipped: process.env.FAIL_ON_SKIPPED !== undefined,
      }),
    ],
    tags: [
      { name: "installs" },
      ...tools.map((name) => (missing.includes(name) ? { name, skip: true } : { name })),
    ],
    // Two at least: files wait for other processes, and for time to pass, more than they compute.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Limits for what hangs, not for what is slow on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});

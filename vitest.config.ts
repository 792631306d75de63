import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/summary-reporter.ts";
import { missingTools, tools } from "./test/support/tools.ts";
import { registryDate } from "./tooling/packed/registry-date.ts";

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
    // Of each date: an older cache may lack versions of the day.
    env: { REGISTRY_CACHE: join(import.meta.dirname, "node_modules/.cache/npm", registryDate) },
    // At least two: test files mostly wait for processes and timers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // They end tests that hang. A busy machine may be slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});

import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./test/summary-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/.tmp/**", "**/node_modules/**"],
    reporters: ["default", new SummaryReporter()],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

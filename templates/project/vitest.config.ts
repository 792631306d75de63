import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Files share loaded modules, nothing else: each test starts its own server on its own port.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

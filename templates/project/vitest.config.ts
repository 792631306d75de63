import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Tests share loaded modules and nothing else: each starts its own server on its own port.
    isolate: false,
    // Some start processes of their own, which takes its time on a busy machine.
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
  },
});

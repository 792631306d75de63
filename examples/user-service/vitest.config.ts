import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Tests share nothing but loaded modules: every one starts its own server on its own port.
    isolate: false,
  },
});

import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const entry = fileURLToPath(new URL("../../../runtime/src/logger/index.ts", import.meta.url));

// Other systems have no device that is always full.
test.skipIf(process.platform !== "linux").each([0, 64 * 1024])(
  "a process whose log cannot be written goes on, and ends: buffer of %d bytes",
  (logBufferBytes) => {
    const service = { name: "users", version: "1.0.0" };
    const config = JSON.stringify({ logLevel: "info", service, logBufferBytes });
    const program = `
      import { createLogger } from ${JSON.stringify(entry)};
      const logger = createLogger(${config});
      for (let line = 0; line < 10; line += 1) {
        logger.info("a line");
        logger.warn("a warning");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      logger.info("last line");
      console.error("went on");
    `;
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", program],
      {
        encoding: "utf8",
        stdio: ["ignore", openSync("/dev/full", "w"), "pipe"],
        timeout: 30_000,
        killSignal: "SIGKILL",
      },
    );
    expect(stderr).toMatch(/^went on$/m);
    expect(stderr.match(/log lines cannot be written: ENOSPC/g)).toHaveLength(1);
    expect(status).toBe(0);
  },
);

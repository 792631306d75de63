import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanUp } from "../../support/echo.ts";

/** Makes an empty folder, which is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "test-app-"));
  cleanUp(() => rmSync(folder, { recursive: true }));
  return folder;
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeSystemError, UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/** Runs `work` with a new folder, which is removed afterwards. @throws UsageError if there can be none */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder();
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "create-grpc-service-"));
  } catch (error) {
    throw new UsageError(
      `cannot write to ${printable(tmpdir())}: ${describeSystemError(error) ?? error}; set TMPDIR to a folder for temporary files`,
    );
  }
}

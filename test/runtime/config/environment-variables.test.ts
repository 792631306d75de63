import { writeFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import { readEnvironment } from "../../../runtime/src/config/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const temporaryFolder = temporaryFolders();
const start = process.cwd();

afterEach(() => {
  process.chdir(start);
  vi.unstubAllEnvs();
});

test("variables of .env are added, and those of the process win", () => {
  process.chdir(temporaryFolder());
  vi.stubEnv("GRPC_TEST_FILE", undefined);
  vi.stubEnv("GRPC_TEST_BOTH", "process");
  writeFileSync(".env", "GRPC_TEST_FILE=file\nGRPC_TEST_BOTH=file\n");
  expect(readEnvironment()).toMatchObject({ GRPC_TEST_FILE: "file", GRPC_TEST_BOTH: "process" });
});

test("without .env there are those of the process", () => {
  process.chdir(temporaryFolder());
  vi.stubEnv("GRPC_TEST_BOTH", "process");
  expect(readEnvironment()).toMatchObject({ GRPC_TEST_BOTH: "process" });
  expect(readEnvironment()).not.toHaveProperty("GRPC_TEST_FILE");
});

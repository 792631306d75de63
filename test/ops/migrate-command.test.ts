import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { lendModules } from "../scaffold/support.ts";
import { scaffold } from "./projects.ts";

test("the script migrate names DATABASE_URL if it is not set", async () => {
  const project = await scaffold(["--postgres"]);
  await lendModules(project);
  const tsx = join(packageRoot(), "node_modules/.bin/tsx");
  const { exitCode, all } = await execa(
    tsx,
    ["--conditions=@grpc-service/source", "src/migrate.ts"],
    { cwd: project, env: { DATABASE_URL: "" }, all: true, reject: false },
  );
  expect({ exitCode, all }).toEqual({
    exitCode: 1,
    all:
      "database: DATABASE_URL is not set: set it in .env or in the environment; " +
      "the embedded database is migrated when the server starts",
  });
});

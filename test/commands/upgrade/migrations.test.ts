import { mkdir, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  migrateWith,
  migrations,
  selectMigrations,
} from "../../../src/commands/upgrade/migrations/index.ts";
import type { Migration } from "../../../src/commands/upgrade/migrations/migration.ts";
import { packageManifest } from "../../../src/package-root.ts";
import { before, type Patches } from "../../support/other-version.ts";
import { commit, copyBeforeEach, edit, inProject, text, upgrade } from "./upgrading-project.ts";

copyBeforeEach();

const rename: Migration = {
  number: 1,
  title: "AppServer of grpc-service/app is called Server",
  version: "0.2.0",
  change: (text) => text.replaceAll(/\bAppServer\b/g, "Server"),
};

const newer: Patches = {
  "templates/project/src/app.ts": (text) =>
    before("    logger:", "    drainMs: 10_000,")(text.replaceAll("AppServer", "Server")),
};

async function writeCode(): Promise<void> {
  await edit("src/app.ts", before("export function", "// mine\n"));
  await mkdir(inProject("src/own"));
  await writeFile(
    inProject("src/own/second.ts"),
    'import { AppServer } from "grpc-service/app";\n',
  );
  await writeFile(inProject("docs/own.md"), "AppServer\n");
  await commit();
}

test("a migration changes the user's code, and the merge has no conflict", async () => {
  await writeCode();
  const { code, output } = await upgrade(newer, { migrations: [rename] });
  expect(code).toBe(0);
  expect(output).toContain(`Migrations; --skip <number> leaves one out:
  1. AppServer of grpc-service/app is called Server
`);
  expect(output).toContain("Merged with your changes:\n  src/app.ts\n  src/own/second.ts\n");
  expect(await text("src/own/second.ts")).toBe('import { Server } from "grpc-service/app";\n');
  expect(await text("docs/own.md")).toBe("AppServer\n");
});

test("--skip leaves it out", async () => {
  await writeCode();
  const { output } = await upgrade(newer, { migrations: [rename], skip: ["1"] });
  expect(output).not.toContain("Migrations");
  expect(await text("src/own/second.ts")).toBe('import { AppServer } from "grpc-service/app";\n');
});

test("only those between the versions are selected", () => {
  const all = ["0.1.0", "0.2.0", "0.3.0-beta.1", "0.3.0", "0.4.0"].map((version, index) => ({
    ...rename,
    number: index + 1,
    version,
  }));
  const numbers = (skip: string[]) =>
    selectMigrations(all, { from: "0.1.0", to: "0.3.0" }, skip).map(({ number }) => number);
  expect(numbers([])).toEqual([2, 3, 4]);
  expect(numbers(["3"])).toEqual([2, 4]);
  expect(() => numbers(["5"])).toThrow(
    "--skip 5 is not the number of a migration; from 0.1.0 to 0.3.0 there are 2, 3, 4",
  );
  expect(() => selectMigrations([], { from: "0.1.0", to: "0.2.0" }, ["1"])).toThrow(
    "--skip 1 is not the number of a migration; there is none from 0.1.0 to 0.2.0",
  );
});

test("files that are not sources stay as they are", () => {
  const migrate = migrateWith([rename]);
  expect(migrate("a.md", "AppServer")).toBe("AppServer");
  expect(migrate("a.mts", "AppServer")).toBe("Server");
});

test("our migrations are numbered in order and none is of a later version", () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  const { version } = packageManifest();
  const numbers = selectMigrations(migrations, { from: "0.0.0", to: version }, []);
  expect(numbers).toEqual(migrations);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect, test } from "vitest";
import { databaseResource } from "../../../runtime/src/postgres/index.ts";
import { cleanUp } from "../support/echo.ts";
import { startSilentProxy } from "./silent-proxy.ts";
import {
  backends,
  connectTo,
  observer,
  patientCall,
  settingsFor,
  startServer,
} from "./test-database.ts";

async function migrationsFolder(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "test-migrations-"));
  cleanUp(() => rm(folder, { recursive: true }));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
}

async function start(url: string, migrations: Readonly<Record<string, string>> = {}) {
  const { database, logger, lines } = connectTo(url, { poolSize: 5 });
  const folder = await migrationsFolder(migrations);
  const resource = databaseResource(database, settingsFor(url, { poolSize: 5 }), {
    migrations: folder,
    logger,
  });
  cleanUp(() => resource.close());
  const check = (ms = 2_000) => resource.check?.(AbortSignal.timeout(ms));
  return { database, resource, check, lines };
}

test("a pool in use is healthy: the check has a connection of its own", {
  tags: "postgresql",
}, async () => {
  const server = await startServer();
  cleanUp(() => server.stop());
  const { database, check } = await start(server.url);
  const watching = await observer(server.url);
  const calls = Array.from({ length: 320 }, async () => {
    const connection = await database.within(patientCall).connect();
    await connection.query("SELECT pg_sleep(0.02)");
    connection.release();
  });
  await Promise.all([check(), check(), check()]);
  expect(database.waitingCount).toBeGreaterThan(0);
  expect((await backends(watching)).length).toBeLessThanOrEqual(6);
  await Promise.all(calls);
});

test("it tells apart what is wrong", { tags: "postgresql" }, async () => {
  const server = await startServer();
  cleanUp(() => server.stop());
  const watching = await observer(server.url);

  const away = await start("postgres://app@127.0.0.1:1/postgres");
  await expect(away.check()).rejects.toMatchObject({
    rawMessage: "the database cannot be reached",
  });

  await watching.query("CREATE ROLE guest NOLOGIN");
  const refused = await start(server.url.replace("app@", "guest@"));
  await expect(refused.check()).rejects.toMatchObject({
    rawMessage: "the database refuses the server",
  });

  const older = await start(server.url, { "0001-users.sql": "CREATE TABLE users (id integer)" });
  await expect(older.check()).rejects.toThrow("has an older schema: 0001-users.sql must run");
  await older.resource.open?.(patientCall.signal);
  await older.check();

  await watching.query("ALTER DATABASE postgres SET default_transaction_read_only = on");
  const readOnly = await start(server.url);
  await expect(readOnly.check()).rejects.toThrow("the database is read only");
  await watching.query("SET default_transaction_read_only = off");
  await watching.query("ALTER DATABASE postgres RESET default_transaction_read_only");

  const proxy = await startSilentProxy(server.url);
  const hung = await start(proxy.url);
  await hung.check();
  proxy.silence();
  await expect(hung.check(200)).rejects.toThrow("the database does not answer");
  proxy.speak();
  await hung.check();

  await server.kill();
  await expect(hung.check()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  await server.restart();
  await hung.check();
});

test("servers that start together migrate once", { tags: "postgresql" }, async () => {
  const server = await startServer();
  cleanUp(() => server.stop());
  const migrations = {
    "0001-users.sql": "CREATE TABLE users (id integer); INSERT INTO users VALUES (1)",
    "0002-slow.sql": "SELECT pg_sleep(0.2); INSERT INTO users VALUES (2)",
  };
  const apps = await Promise.all(Array.from({ length: 4 }, () => start(server.url, migrations)));
  await Promise.all(apps.map(({ resource }) => resource.open?.(patientCall.signal)));
  const watching = await observer(server.url);
  expect((await watching.query("SELECT id FROM users ORDER BY id")).rows).toEqual([
    { id: 1 },
    { id: 2 },
  ]);
});

test("a database that comes later is waited for, and that is said once", {
  tags: "postgresql",
}, async () => {
  const server = await startServer();
  cleanUp(() => server.stop());
  const { resource, lines } = await start(server.url, {
    "0001-users.sql": "CREATE TABLE users (id integer)",
  });
  await server.kill();
  const opening = resource.open?.(patientCall.signal);
  await expect.poll(() => lines.map(({ msg }) => msg)).toEqual(["waiting for the database"]);
  await server.restart();
  await opening;
  const client = new Client(server.url);
  await client.connect();
  expect((await client.query("SELECT name FROM schema_migrations")).rows).toEqual([
    { name: "0001-users.sql" },
  ]);
  await client.end();
});

test.each([
  [
    "0001-broken.sql",
    "CREATE TABLE users (id integer);\nSELEC 1",
    'migrations: 0001-broken.sql:2: syntax error at or near "SELEC" (SQLSTATE 42601)',
  ],
  ["users.sql", "SELECT 1", 'migrations: users.sql does not begin with a number and "-"'],
])(
  "%s keeps the server from starting, in one line",
  { tags: "postgresql" },
  async (name, sql, message) => {
    const server = await startServer();
    cleanUp(() => server.stop());
    const { resource } = await start(server.url, { [name]: sql });
    await expect(resource.open?.(patientCall.signal)).rejects.toThrow(message);
  },
);

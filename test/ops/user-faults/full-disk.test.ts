import { rm } from "node:fs/promises";
import { execa } from "execa";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { cleanUp, until } from "../../runtime/support/echo.ts";
import { freePort } from "../../runtime/support/free-port.ts";
import { startPostgres } from "../services/postgres.ts";
import { folderOfPostgres, nobody } from "../services/postgres-process.ts";
import { expectNoneLost, sendBatches } from "./batches.ts";
import { clientsOf, startService } from "./service.ts";

describe("the user service, when the disk of its database is full", {
  tags: ["postgresql", "util-linux"],
  timeout: 240_000,
}, () => {
  test("writes are refused and reads go on; it recovers when there is room, without a lost batch", async ({
    skip,
  }) => {
    const disk = await mountDisk("512k");
    if (disk === undefined) return skip("this user cannot mount a disk");
    const postgres = await startPostgres();
    cleanUp(() => postgres.stop());
    const client = new Client(postgres.url);
    await client.connect();
    await client.query(`CREATE TABLESPACE disk LOCATION '${disk.folder}'`);
    await client.query("ALTER DATABASE postgres SET default_tablespace = disk");
    await client.end();

    const port = await freePort();
    startService(port, { DATABASE_URL: postgres.url });
    const { users, isServing } = clientsOf(port);
    await until(isServing);
    const batches = sendBatches(users, "disk");
    await until(() => batches.codes.size > 0);
    // All that fits is in: from now on, none is acknowledged.
    let before = -1;
    await until(async () => {
      const isFull = before === batches.acknowledged.size;
      before = batches.acknowledged.size;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return isFull;
    });
    const { total } = await users.listUsers({});
    expect(total).toBeGreaterThanOrEqual(batches.acknowledged.size);
    expect(await users.getUser({ id: 1 })).toMatchObject({ id: 1 });
    expect(await isServing()).toBe(true);

    await disk.grow("64m");
    const meanwhile = batches.acknowledged.size;
    await until(() => batches.acknowledged.size > meanwhile + 20);
    await batches.stop();
    await expectNoneLost(batches, postgres.url);
    expect([...batches.codes]).toEqual(["RESOURCE_EXHAUSTED"]);
  });
});

/** A disk of this size in memory, which the user of PostgreSQL may write to. Undefined: not allowed. */
async function mountDisk(size: string) {
  if (nobody === undefined) return undefined;
  const folder = await folderOfPostgres();
  const owner = `uid=${nobody},gid=${nobody},mode=0700`;
  const mount = (...args: string[]) => execa("mount", [...args, folder], { reject: false });
  const { exitCode } = await mount("-t", "tmpfs", "-o", `size=${size},${owner}`, "tmpfs");
  if (exitCode !== 0) return undefined;
  cleanUp(async () => {
    await execa("umount", [folder]);
    await rm(folder, { recursive: true });
  });
  return { folder, grow: (larger: string) => mount("-o", `remount,size=${larger}`) };
}

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, type TestOptions, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { cleanUp, until } from "../runtime/support/echo.ts";
import { freePort } from "../runtime/support/free-port.ts";
import { lendModules, quick, run, temporaryFolder } from "../scaffold/support.ts";
import { type Postgres, startPostgres } from "./services/postgres.ts";

/** The part of the generated client that is used here. */
interface DataClient {
  batchInsert(records: AsyncIterable<object>, options?: object): Promise<BatchResponse>;
  queryRecords(range: object, options?: object): AsyncIterable<object>;
  close(): void;
}

interface BatchResponse {
  readonly received: bigint;
  readonly inserted: bigint;
  readonly duplicates: bigint;
  readonly failed: bigint;
}

const options: TestOptions = { timeout: 300_000, tags: "postgresql" };

describe("the data service, when its database or its process fails", options, () => {
  let postgres: Postgres;
  let project: string;
  let Clients: { readonly DataServiceClient: new (address: string) => DataClient };

  beforeAll(async () => {
    const cwd = await temporaryFolder();
    const { code, notes } = await run(["demo", "--starter", "data", ...quick], { cwd });
    if (code !== 0) throw new Error(notes);
    project = join(cwd, "demo");
    await lendModules(project);
    Clients = await import(pathToFileURL(join(project, "src/gen/data_client.ts")).href);
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  /** Starts the service as a process of its own, and waits until it serves. */
  async function startService(port: number) {
    const tsx = join(packageRoot(), "node_modules/tsx/dist/loader.mjs");
    const args = ["--conditions=@grpc-service/source", `--import=${tsx}`, "src/main.ts"];
    const child = execa(process.execPath, args, {
      cwd: project,
      env: userEnvironment({
        // In development, each record would be logged.
        ENV: "test",
        ADDRESS: `127.0.0.1:${port}`,
        DATABASE_URL: postgres.url,
        AUTH: "off",
      }),
      extendEnv: false,
      reject: false,
      all: true,
    });
    const kill = async () => {
      child.kill("SIGKILL");
      await child;
    };
    cleanUp(kill);
    let log = "";
    child.all.on("data", (chunk: Buffer) => {
      log += chunk;
    });
    await until(() => log.includes('"serving"'));
    return { kill };
  }

  function connect(port: number): DataClient {
    const client = new Clients.DataServiceClient(`127.0.0.1:${port}`);
    cleanUp(() => client.close());
    return client;
  }

  async function observe(): Promise<Client> {
    const client = new Client(postgres.url);
    client.on("error", () => {});
    await client.connect();
    cleanUp(() => client.end());
    return client;
  }

  /** How many records of a stream are stored. */
  async function stored(name: string): Promise<number> {
    const client = new Client(postgres.url);
    await client.connect();
    const { rows } = await client.query(
      "SELECT count(*)::integer AS count FROM records WHERE id LIKE $1",
      [`${name}-%`],
    );
    await client.end();
    return rows[0].count;
  }

  const record = (name: string, number: number) => ({
    id: `${name}-${number}`,
    time: { seconds: BigInt(number) },
    data: `value ${number}`,
  });

  /** A stream that ends some records after it was told to. */
  function endless(name: string) {
    let left = Number.POSITIVE_INFINITY;
    let sent = 0;
    return {
      async *records() {
        for (; left > 0; left -= 1) yield record(name, sent++);
      },
      endAfter(count: number) {
        left = count;
      },
      sent: () => sent,
    };
  }

  test("a call outlives two crashes of its database: no record is lost or stored twice", async () => {
    const port = await freePort();
    await startService(port);
    const stream = endless("crash");
    const call = connect(port).batchInsert(stream.records());
    // Errors are seen below.
    call.catch(() => {});
    for (let round = 0; round < 2; round += 1) {
      const before = await stored("crash");
      await until(async () => (await stored("crash")) > before + 2000);
      await postgres.kill();
      await postgres.restart();
    }
    stream.endAfter(2000);
    const { received, inserted, duplicates, failed } = await call;
    expect({ received, failed }).toEqual({ received: BigInt(stream.sent()), failed: 0n });
    expect(inserted + duplicates).toBe(received);
    expect(await stored("crash")).toBe(stream.sent());
  });

  test("after a crash of the server the same stream stores what is missing", async () => {
    const port = await freePort();
    const service = await startService(port);
    const data = connect(port);
    const stream = endless("again");
    const call = data.batchInsert(stream.records());
    call.catch(() => {});
    await until(async () => (await stored("again")) > 2000);
    await service.kill();
    await expect(call).rejects.toMatchObject({ code: "UNAVAILABLE" });

    await startService(port);
    const count = await stored("again");
    const total = Math.max(stream.sent(), count) + 100;
    async function* sameAgain() {
      for (let number = 0; number < total; number += 1) yield record("again", number);
    }
    const response = await data.batchInsert(sameAgain());
    expect(response).toMatchObject({
      received: BigInt(total),
      inserted: BigInt(total - count),
      duplicates: BigInt(count),
      failed: 0n,
    });
    expect(await stored("again")).toBe(total);
  });

  test("a call that is out of time ends its statement, and nothing is written after that", async () => {
    const port = await freePort();
    await startService(port);
    const client = await observe();
    await client.query("BEGIN; LOCK TABLE records");
    const stream = endless("late");
    stream.endAfter(100);
    const call = connect(port).batchInsert(stream.records(), { timeoutMs: 2000 });
    await expect(call).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    const watching = await observe();
    await until(async () => {
      const { rows } = await watching.query(
        "SELECT FROM pg_stat_activity WHERE query LIKE '%INSERT INTO records%' AND state = 'active' AND pid <> pg_backend_pid()",
      );
      return rows.length === 0;
    });
    await client.query("COMMIT");
    expect(await stored("late")).toBe(0);
  });
});

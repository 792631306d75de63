import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { freePort } from "../../runtime/support/free-port.ts";
import { postgresFolder } from "../../support/tools.ts";

/** A PostgreSQL server of our own, with the database `postgres` for the user `app`. */
export interface Postgres {
  readonly url: string;
  /** Folder of its programs, such as psql. */
  readonly bin: string;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** After `kill`, with the data that was there. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a new, empty one. PostgreSQL refuses to run as root: then nobody runs it.
 *
 * @param settings such as `max_connections=20`
 */
export async function startPostgres(settings: readonly string[] = []): Promise<Postgres> {
  const bin = postgresFolder();
  if (bin === undefined) throw new Error("PostgreSQL is not installed");
  const folder = await mkdtemp(join(tmpdir(), "create-grpc-service-postgres-"));
  await chmod(folder, 0o777);
  const asNobody = process.getuid?.() === 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : [];
  const command = (program: string, ...args: string[]): [string, string[]] => {
    const [first = "", ...rest] = [...asNobody, join(bin, program), ...args];
    return [first, rest];
  };
  const data = join(folder, "data");
  const setUp = ["--auth=trust", "--username=app", "--no-sync", "--encoding=UTF8", "--locale=C"];
  await execa(...command("initdb", ...setUp, data), { cwd: folder });
  const port = String(await freePort());

  function run() {
    const where = ["-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder, "-F"];
    const further = settings.flatMap((setting) => ["-c", setting]);
    return execa(...command("postgres", ...where, ...further), { cwd: folder, reject: false });
  }

  async function ready(server: ReturnType<typeof run>): Promise<void> {
    const ask = command("pg_isready", "-h", "127.0.0.1", "-p", port, "-U", "app");
    let ended = false;
    void server.then(() => {
      ended = true;
    });
    while ((await execa(...ask, { reject: false })).exitCode !== 0) {
      if (ended) throw new Error(`postgres ended: ${(await server).stderr}`);
    }
  }

  let server = run();
  await ready(server);
  return {
    url: `postgres://app@127.0.0.1:${port}/postgres`,
    bin,
    async kill() {
      server.kill("SIGQUIT");
      await server;
    },
    async restart() {
      server = run();
      await ready(server);
    },
    async stop() {
      // Waits for connections that are being closed; `pg` fails on one that the server closes.
      server.kill("SIGTERM");
      const impatient = setTimeout(() => server.kill("SIGINT"), 5_000);
      await server;
      clearTimeout(impatient);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

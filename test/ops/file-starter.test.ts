import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { userEnvironment } from "../../tooling/packed/commands.ts";
import { cleanUp } from "../runtime/support/echo.ts";
import { freePort } from "../runtime/support/free-port.ts";
import { lendModules, quick, run, temporaryFolder, writeFiles } from "../scaffold/support.ts";
import { accepts } from "../support/serving.ts";

const mebibyte = 1024 * 1024;
const tsx = join(packageRoot(), "node_modules/tsx/dist/loader.mjs");

/** Clients that do what no good client does. Each runs in a process of its own. */
const programs = {
  // Sends 60 % of a file of 20 MiB, and then neither more nor the end.
  "src/leave.ts": `import { readFile } from "node:fs/promises";
import { UploadServiceClient } from "./gen/file_client.ts";
const [address = "", path = ""] = process.argv.slice(2);
const uploads = new UploadServiceClient(address, { streamTimeoutMs: 0 });
const bytes = await readFile(path);
const { uploadId } = await uploads.startUpload({ name: "a", size: BigInt(bytes.length) });
console.log(uploadId);
async function* messages() {
  yield { uploadId };
  for (let at = 0; at < bytes.length * 0.6; at += 2 ** 20) yield { data: bytes.subarray(at, at + 2 ** 20) };
  await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
}
await uploads.appendUpload(messages());
`,
  // Sends a file of as many MiB in one call.
  "src/send.ts": `import { FileServiceClient } from "./gen/file_client.ts";
const [address = "", count = ""] = process.argv.slice(2);
const files = new FileServiceClient(address, { streamTimeoutMs: 0 });
function* messages() {
  for (let sent = 0; sent < Number(count); sent += 1) yield { data: Buffer.alloc(2 ** 20, "x") };
}
const metadata = { "file-name": "sent-" + count };
console.log(String((await files.upload(messages(), { metadata })).totalSize));
files.close();
`,
  // Takes the first chunk of a file, and no more.
  "src/stall.ts": `import { FileServiceClient } from "./gen/file_client.ts";
const [address = "", name = ""] = process.argv.slice(2);
const files = new FileServiceClient(address, { streamTimeoutMs: 0 });
const chunks = files.download({ name })[Symbol.asyncIterator]();
await chunks.next();
console.log("stalled");
setTimeout(() => {}, 2 ** 30);
`,
};

describe("the file starter, as processes", { timeout: 300_000 }, () => {
  let project: string;
  beforeAll(async () => {
    const cwd = await temporaryFolder();
    const { code, notes } = await run(["files", "--starter", "file", ...quick], { cwd });
    expect({ code, notes }).toMatchObject({ code: 0 });
    project = join(cwd, "files");
    await lendModules(project);
    await writeFiles(project, programs);
  });

  /** Runs a program of the project in a process, which is killed after the test. */
  function start(program: string, args: readonly string[], env: Record<string, string> = {}) {
    const options = ["--conditions=@grpc-service/source", `--import=${tsx}`];
    const child = execa(process.execPath, [...options, program, ...args], {
      cwd: project,
      env: userEnvironment(env),
      extendEnv: false,
      reject: false,
    });
    cleanUp(async () => {
      child.kill("SIGKILL");
      await child;
    });
    return child;
  }

  /** Starts the server, on the same port and folder each time. */
  async function startServer(port: number, folder: string): Promise<Server> {
    const program = start("src/main.ts", [], {
      ENV: "development",
      ADDRESS: `127.0.0.1:${port}`,
      AUTH: "off",
      FILES_FOLDER: folder,
      LOG_LEVEL: "error",
    });
    await expect.poll(() => accepts(port), { timeout: 60_000 }).toBe(true);
    return { program };
  }

  type Program = ReturnType<typeof start>;
  /** Not the program itself, which is a promise of its end. */
  type Server = { readonly program: Program };

  const end = async (program: Program): Promise<void> => {
    program.kill("SIGKILL");
    await program;
  };

  /** The first line that a program prints. */
  async function firstLine(program: Program): Promise<string> {
    const chunk = new Promise<string>((resolve) => {
      program.stdout.once("data", (data) => resolve(String(data).trim()));
    });
    const ended = program.then(({ stderr }): never => {
      throw new Error(`it has ended: ${stderr}`);
    });
    return await Promise.race([chunk, ended]);
  }

  /** The only path below a folder that ends so. */
  async function only(folder: string, name: string): Promise<string> {
    const paths = await readdir(folder, { recursive: true });
    const found = paths.filter((path) => path.endsWith(name));
    expect(found).toHaveLength(1);
    return join(folder, found[0] ?? "");
  }

  test.each(["client", "server"])(
    "after the %s was killed at 60 %, an upload continues, and the file is the same byte for byte",
    async (victim) => {
      const [port, folder] = [await freePort(), await temporaryFolder()];
      const local = join(await temporaryFolder(), "local");
      const bytes = randomBytes(20 * mebibyte);
      await writeFile(local, bytes);
      const server = await startServer(port, folder);
      const address = `127.0.0.1:${port}`;
      const leaving = start("src/leave.ts", [address, local]);
      const uploadId = await firstLine(leaving);
      const data = await only(join(folder, "uploads"), "data");
      const arrived = async () => (await stat(data)).size;
      await expect.poll(arrived, { timeout: 60_000 }).toBe(12 * mebibyte);
      if (victim === "client") {
        await end(leaving);
      } else {
        await end(server.program);
        await startServer(port, folder);
      }

      const args = [`--upload=${uploadId}`, local];
      const client = await start("src/client/index.ts", args, { SERVER_ADDRESS: address });
      expect(client).toMatchObject({ exitCode: 0, stderr: "" });
      const sum = createHash("sha256").update(bytes).digest("hex");
      expect(client.stdout.split("\n")).toEqual([
        `upload ${uploadId}: the server has ${12 * mebibyte} of ${20 * mebibyte} bytes`,
        `stored as a, SHA-256 ${sum}`,
      ]);
      const stored = await readFile(await only(join(folder, "files"), "data"));
      expect(stored.equals(bytes)).toBe(true);
      expect(await readdir(join(folder, "tmp"))).toEqual([]);
    },
  );

  test("neither an upload nor a reader that stalls takes memory for the file", async () => {
    const [port, folder] = [await freePort(), await temporaryFolder()];
    const server = await startServer(port, folder);
    const address = `127.0.0.1:${port}`;
    const memory = () => residentBytes(server.program.pid ?? 0);
    // So that what every call needs is there.
    expect(await start("src/send.ts", [address, "8"])).toMatchObject({ stdout: `${8 * mebibyte}` });

    const before = await memory();
    let most = before;
    const sending = start("src/send.ts", [address, "128"]);
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        most = Math.max(most, await memory());
        await delay(50);
      }
    })();
    expect(await sending).toMatchObject({ stdout: `${128 * mebibyte}` });
    isOver = true;
    await watching;
    // Measured alone: 18 MiB for 1 GiB.
    expect(most - before).toBeLessThan(64 * mebibyte);

    const stalled = start("src/stall.ts", [address, "sent-128"]);
    expect(await firstLine(stalled)).toBe("stalled");
    // Others are served meanwhile.
    const other = await start("src/send.ts", [address, "9"]);
    expect(other).toMatchObject({ stdout: `${9 * mebibyte}` });
    expect((await memory()) - before).toBeLessThan(64 * mebibyte);
  });
});

/** What a process has in memory. */
async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", `${pid}`]);
  return Number(stdout) * 1024;
}

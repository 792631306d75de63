import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { fakeProgram } from "../../ops/projects.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

let root: string;
beforeEach(async () => {
  root = await temporaryFolder();
  const manifest = { devDependencies: { "create-grpc-service": "0.1.0" } };
  await writeFiles(root, { "package.json": JSON.stringify(manifest), "src/app.ts": "" });
});

/** Runs `grpc-service certs` in the project with this PATH. */
function certs(path = process.env.PATH, cwd = root) {
  return runCommand(["certs"], { cwd, env: { PATH: path } });
}

test("without openssl it says how to get it, and creates nothing", async () => {
  const { code, notes } = await certs(root);
  expect(code).toBe(1);
  expect(notes).toMatch(/^grpc-service: openssl was not found\. [^\n]+\n$/);
  expect(existsSync(join(root, "certs"))).toBe(false);
});

describe("refuses in one line, before openssl runs", () => {
  const refused = (message: string) => ({
    code: 2,
    output: "",
    notes: `grpc-service: ${message}\n`,
  });

  test("a file certs", async () => {
    await writeFile(join(root, "certs"), "");
    expect(await certs(root)).toEqual(refused("certs must be a folder, but is not"));
  });

  test.skipIf(process.platform === "win32").each(["nowhere", "src"])(
    "a link certs to %s",
    async (target) => {
      await symlink(join(root, target), join(root, "certs"));
      expect(await certs(root)).toEqual(refused("certs is a symbolic link, which is not followed"));
      expect(await readdir(join(root, "src"))).toEqual(["app.ts"]);
    },
  );

  test("a folder where a key belongs", async () => {
    await mkdir(join(root, "certs/server.key"), { recursive: true });
    expect(await certs(root)).toEqual(refused("certs/server.key must be a file, but is not"));
  });

  test("no folder for temporary files", async () => {
    vi.stubEnv("TMPDIR", join(root, "nowhere"));
    vi.stubEnv("TEMP", join(root, "nowhere"));
    const outcome = await certs(root);
    vi.unstubAllEnvs();
    expect(outcome).toEqual(
      refused(`cannot write ${join(root, "nowhere")}: no such file or folder`),
    );
  });
});

describe("with openssl", { tags: "openssl" }, () => {
  test("creates an authority, and a server and a client certificate that it signed", async () => {
    // From a subfolder: certs/ is in the root of the project.
    const { code, output, notes } = await certs(process.env.PATH, join(root, "src"));
    expect({ code, notes }).toEqual({ code: 0, notes: "" });
    expect(output).toBe(
      "certs/ca.crt  certs/ca.key\ncerts/server.crt  certs/server.key\ncerts/client.crt  certs/client.key\n",
    );
    const read = async (name: string) =>
      new X509Certificate(await readFile(join(root, "certs", `${name}.crt`)));
    const authority = await read("ca");
    for (const name of ["server", "client"]) {
      expect((await read(name)).verify(authority.publicKey)).toBe(true);
    }
    expect((await read("server")).checkHost("localhost")).toBe("localhost");
  });

  test.skipIf(process.platform === "win32")("only the user can read the files", async () => {
    await mkdir(join(root, "certs"));
    await writeFile(join(root, "certs/server.key"), "old");
    await chmod(join(root, "certs/server.key"), 0o644);
    await certs();
    const files = await readdir(join(root, "certs"));
    expect(files).toHaveLength(6);
    for (const file of files) {
      expect((await stat(join(root, "certs", file))).mode & 0o777).toBe(0o600);
    }
  });

  test.skipIf(process.platform === "win32")(
    "when openssl fails half-way, existing certificates stay",
    async () => {
      await mkdir(join(root, "certs"));
      await writeFile(join(root, "certs/server.key"), "old");
      // It creates the authority, and then signs nothing.
      await fakeProgram(
        root,
        "openssl",
        '[ "$1" = req ] && exec /usr/bin/openssl "$@"; echo "cannot sign" >&2; exit 1',
      );
      const { code, notes } = await certs([root, process.env.PATH].join(delimiter));
      expect(code).toBe(1);
      expect(notes).toBe("grpc-service: openssl failed: cannot sign\n");
      expect(await readFile(join(root, "certs/server.key"), "utf8")).toBe("old");
      expect(existsSync(join(root, "certs/ca.crt"))).toBe(false);
    },
  );

  test("interrupted, it creates nothing and returns 130", async () => {
    const { code, notes } = await runCommand(["certs"], { cwd: root, signal: AbortSignal.abort() });
    expect({ code, notes }).toEqual({ code: 130, notes: "grpc-service: interrupted\n" });
    expect(existsSync(join(root, "certs"))).toBe(false);
  });
});

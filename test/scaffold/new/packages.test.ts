import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { findOrigin } from "../../../src/scaffold/new/origin.ts";
import { ownPackages } from "../../../src/scaffold/new/packages.ts";
import { givenSpecifier, isOnThisMachineOnly } from "../../../src/scaffold/new/specifier.ts";
import { UsageError } from "../../../src/terminal/errors.ts";
import { temporaryFolder, writeFiles } from "../support.ts";

const version = "0.1.0";
let root: string;

beforeEach(async () => {
  root = await temporaryFolder();
});

/** An install folder as a package manager leaves it; answers where our package lies in it. */
async function installed(
  folder: string,
  files: Readonly<Record<string, unknown>>,
  modules = "node_modules",
): Promise<string> {
  const packageRoot = join(root, folder, modules, "create-grpc-service");
  await mkdir(packageRoot, { recursive: true });
  const texts = Object.entries(files).map(([path, value]) => [path, JSON.stringify(value)]);
  await writeFiles(join(root, folder), Object.fromEntries(texts));
  return packageRoot;
}

function lockedFrom(resolved: string) {
  return { packages: { "node_modules/create-grpc-service": { version, resolved } } };
}

const registry = { kind: "registry" };

describe("the origin is", () => {
  test("a checkout", async () => {
    expect(await findOrigin(root)).toEqual({ kind: "checkout" });
  });

  test("a checkout that is linked", async () => {
    const packageRoot = await installed("app", {
      "package.json": { devDependencies: { "create-grpc-service": "file:.." } },
    });
    expect(await findOrigin(packageRoot)).toEqual({ kind: "checkout" });
  });

  test("the registry, run by npm exec", async () => {
    const packageRoot = await installed("_npx/1a2b", {
      "package.json": { dependencies: { "create-grpc-service": "^0.1.0" } },
      "node_modules/.package-lock.json": lockedFrom(
        "https://registry.example/create-grpc-service/-/create-grpc-service-0.1.0.tgz",
      ),
    });
    expect(await findOrigin(packageRoot)).toEqual(registry);
  });

  test("a tarball, run by npm exec --package", async () => {
    await writeFile(join(root, "x.tgz"), "");
    const packageRoot = await installed("_npx/1a2b", {
      "package.json": { dependencies: { "create-grpc-service": "file:../../x.tgz" } },
      "node_modules/.package-lock.json": lockedFrom("file:../../x.tgz"),
    });
    expect(await findOrigin(packageRoot)).toEqual({ kind: "tarball", path: join(root, "x.tgz") });
  });

  test("a tarball that only the hidden lock file records", async () => {
    await writeFile(join(root, "x.tgz"), "");
    const packageRoot = await installed("app", {
      "node_modules/.package-lock.json": lockedFrom("file:../x.tgz"),
    });
    expect(await findOrigin(packageRoot)).toEqual({ kind: "tarball", path: join(root, "x.tgz") });
  });

  test("a tarball, run by pnpm dlx", async () => {
    await writeFile(join(root, "x.tgz"), "");
    const packageRoot = await installed(
      "dlx/1a2b",
      { "package.json": { dependencies: { "create-grpc-service": `file:${root}/x.tgz` } } },
      "node_modules/.pnpm/create-grpc-service@file+x.tgz/node_modules",
    );
    expect(await findOrigin(packageRoot)).toEqual({ kind: "tarball", path: join(root, "x.tgz") });
  });

  test("a tarball at a URL", async () => {
    const packageRoot = await installed("_npx/1a2b", {
      "node_modules/.package-lock.json": lockedFrom("https://example.com/builds/42.tgz"),
    });
    const specifier = "https://example.com/builds/42.tgz";
    expect(await findOrigin(packageRoot)).toEqual({ kind: "remote", specifier });
  });

  test("a git repository", async () => {
    const packageRoot = await installed("_npx/1a2b", {
      "package.json": { dependencies: { "create-grpc-service": "github:someone/fork" } },
    });
    const specifier = "github:someone/fork";
    expect(await findOrigin(packageRoot)).toEqual({ kind: "remote", specifier });
  });

  test("the registry without a record: a global install, a broken lock", async () => {
    const global = await installed("lib", {});
    expect(await findOrigin(global)).toEqual(registry);
    await writeFile(join(root, "lib/node_modules/.package-lock.json"), "{ broken");
    expect(await findOrigin(global)).toEqual(registry);
  });

  test("a tarball or a folder that is gone, unless another record is there", async () => {
    const gone = await installed("_npx/gone", {
      "package.json": { dependencies: { "create-grpc-service": "file:../../gone.tgz" } },
      "node_modules/.package-lock.json": lockedFrom("file:../../gone.tgz"),
    });
    expect(await findOrigin(gone)).toEqual({ kind: "gone", path: join(root, "gone.tgz") });
    await writeFile(join(root, "x.tgz"), "");
    const moved = await installed("app", {
      "package.json": { devDependencies: { "create-grpc-service": "file:../gone.tgz" } },
      "node_modules/.package-lock.json": lockedFrom("file:../x.tgz"),
    });
    expect(await findOrigin(moved)).toEqual({ kind: "tarball", path: join(root, "x.tgz") });
  });
});

describe("a project depends on", () => {
  const sources = (packageRoot: string) => ({
    packageRoot,
    version,
    packageManager: "npm" as const,
    cwd: root,
    signal: new AbortController().signal,
  });

  const fromTarball = () =>
    installed("_npx/1a2b", {
      "package.json": {
        dependencies: { "create-grpc-service": "file:../../create-grpc-service-0.1.0.tgz" },
      },
    });

  test("versions, when a registry has the packages", async () => {
    expect(await ownPackages(sources(await installed("lib", {})))).toEqual({
      self: "^0.1.0",
      library: "^0.1.0",
      vendor: new Map(),
    });
  });

  test("copies of the tarballs in vendor/, when it is made from a tarball", async () => {
    await writeFiles(root, {
      "create-grpc-service-0.1.0.tgz": "tool",
      "grpc-service-0.1.0.tgz": "library",
    });
    expect(await ownPackages(sources(await fromTarball()))).toEqual({
      self: "file:vendor/create-grpc-service-0.1.0.tgz",
      library: "file:vendor/grpc-service-0.1.0.tgz",
      vendor: new Map([
        ["vendor/create-grpc-service-0.1.0.tgz", Buffer.from("tool")],
        ["vendor/grpc-service-0.1.0.tgz", Buffer.from("library")],
      ]),
    });
  });

  test("the specifier of --runtime, with the other tarball in vendor/", async () => {
    await writeFiles(root, {
      "create-grpc-service-0.1.0.tgz": "tool",
      "grpc-service-0.1.0.tgz": "library",
    });
    const found = await ownPackages({ ...sources(await fromTarball()), library: "^9.0.0" });
    expect(found.library).toBe("^9.0.0");
    expect([...found.vendor.keys()]).toEqual(["vendor/create-grpc-service-0.1.0.tgz"]);
  });

  test("the library, whose tarball must not be missing", async () => {
    await writeFiles(root, { "create-grpc-service-0.1.0.tgz": "tool" });
    await expect(ownPackages(sources(await fromTarball()))).rejects.toThrow(
      /^grpc-service-0\.1\.0\.tgz is missing next to .*; put it there, or give --runtime$/,
    );
  });

  test("what create-grpc-service was installed from, which must still be there", async () => {
    const { self, library } = { self: "^1.0.0", library: "^1.0.0" };
    const packageRoot = await fromTarball();
    await expect(ownPackages(sources(packageRoot))).rejects.toThrow(
      /create-grpc-service-0\.1\.0\.tgz, which create-grpc-service was installed from, is gone; put it back, or give --self and --runtime$/,
    );
    const given = await ownPackages({ ...sources(packageRoot), self, library });
    expect(given).toMatchObject({ self, library });
  });

  test("a checkout, which must be built", async () => {
    await expect(ownPackages(sources(root))).rejects.toThrow(
      "this checkout has no dist/create-grpc-service.js; run `npm run build` in it",
    );
  });
});

describe("--self", () => {
  test("makes a path absolute", async () => {
    await writeFile(join(root, "x.tgz"), "");
    expect(await givenSpecifier("--self", "./x.tgz", root, "npm")).toBe(
      `file:${join(root, "x.tgz")}`,
    );
    expect(await givenSpecifier("--self", root, "/", "npm")).toBe(`file:${root}`);
  });

  test.each(["0.1.0", "^1.0.0", "latest", "file:../..", "https://example.com/x.tgz", "github:a/b"])(
    "writes %s as it is",
    async (value) => {
      expect(await givenSpecifier("--self", value, root, "npm")).toBe(value);
    },
  );

  test.each(["./gone.tgz", "/gone", 'a"b', "$(id)", "a b", "a\nb"])("refuses %j", async (value) => {
    await expect(givenSpecifier("--self", value, root, "npm")).rejects.toThrow(UsageError);
  });
});

test.each(["file:/x.tgz", "link:~/x", "portal:C:\\x"])(
  "%s exists on this machine only",
  (specifier) => {
    expect(isOnThisMachineOnly(specifier)).toBe(true);
  },
);

test.each(["0.1.0", "file:../..", "file:vendor/x.tgz", "https://example.com/x.tgz", "workspace:*"])(
  "%s exists elsewhere too",
  (specifier) => {
    expect(isOnThisMachineOnly(specifier)).toBe(false);
  },
);

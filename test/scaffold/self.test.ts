import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { givenSpecifier, selfSpecifier } from "../../src/scaffold/new/self.ts";
import { UsageError } from "../../src/terminal/errors.ts";
import { temporaryFolder, writeFiles } from "./support.ts";

const version = "0.1.0";
const from = { version, packageManager: "npm" } as const;
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

describe("finds", () => {
  test("a checkout", async () => {
    expect(await selfSpecifier({ ...from, packageRoot: root })).toBe(`file:${root}`);
  });

  test("a checkout, for yarn, which would pack its node_modules for `file:`", async () => {
    const origin = { ...from, packageRoot: root, packageManager: "yarn" } as const;
    expect(await selfSpecifier(origin)).toBe(`portal:${root}`);
  });

  test("the registry, run by npm exec", async () => {
    const packageRoot = await installed("_npx/1a2b", {
      "package.json": { dependencies: { "create-grpc-service": "^0.1.0" } },
      "node_modules/.package-lock.json": lockedFrom(
        "https://registry.example/create-grpc-service/-/create-grpc-service-0.1.0.tgz",
      ),
    });
    expect(await selfSpecifier({ ...from, packageRoot })).toBe("0.1.0");
  });

  test("a tarball, run by npm exec --package", async () => {
    await writeFile(join(root, "x.tgz"), "");
    const packageRoot = await installed("_npx/1a2b", {
      "package.json": { dependencies: { "create-grpc-service": "file:../../x.tgz" } },
      "node_modules/.package-lock.json": lockedFrom("file:../../x.tgz"),
    });
    expect(await selfSpecifier({ ...from, packageRoot })).toBe(`file:${join(root, "x.tgz")}`);
  });

  test("a tarball that only the hidden lock file knows", async () => {
    await writeFile(join(root, "x.tgz"), "");
    const packageRoot = await installed("app", {
      "node_modules/.package-lock.json": lockedFrom("file:../x.tgz"),
    });
    expect(await selfSpecifier({ ...from, packageRoot })).toBe(`file:${join(root, "x.tgz")}`);
  });

  test("a tarball, run by pnpm dlx", async () => {
    await writeFile(join(root, "x.tgz"), "");
    const packageRoot = await installed(
      "dlx/1a2b",
      { "package.json": { dependencies: { "create-grpc-service": `file:${root}/x.tgz` } } },
      "node_modules/.pnpm/create-grpc-service@file+x.tgz/node_modules",
    );
    expect(await selfSpecifier({ ...from, packageRoot })).toBe(`file:${join(root, "x.tgz")}`);
  });

  test("a tarball behind a URL", async () => {
    const packageRoot = await installed("_npx/1a2b", {
      "node_modules/.package-lock.json": lockedFrom("https://example.com/builds/42.tgz"),
    });
    const found = await selfSpecifier({ ...from, packageRoot });
    expect(found).toBe("https://example.com/builds/42.tgz");
  });

  test("a git repository", async () => {
    const packageRoot = await installed("_npx/1a2b", {
      "package.json": { dependencies: { "create-grpc-service": "github:someone/fork" } },
    });
    expect(await selfSpecifier({ ...from, packageRoot })).toBe("github:someone/fork");
  });

  test("nothing but the version: a global install, a tarball that is gone, a broken lock", async () => {
    const global = await installed("lib", {});
    expect(await selfSpecifier({ ...from, packageRoot: global })).toBe("0.1.0");
    const gone = await installed("_npx/gone", {
      "package.json": { dependencies: { "create-grpc-service": "file:../../gone.tgz" } },
      "node_modules/.package-lock.json": lockedFrom("file:../../gone.tgz"),
    });
    expect(await selfSpecifier({ ...from, packageRoot: gone })).toBe("0.1.0");
    await writeFile(join(root, "lib/node_modules/.package-lock.json"), "{ broken");
    expect(await selfSpecifier({ ...from, packageRoot: global })).toBe("0.1.0");
  });
});

describe("--self", () => {
  test("makes a path absolute", async () => {
    await writeFile(join(root, "x.tgz"), "");
    expect(await givenSpecifier("./x.tgz", root, "npm")).toBe(`file:${join(root, "x.tgz")}`);
    expect(await givenSpecifier(root, "/", "npm")).toBe(`file:${root}`);
  });

  test.each(["0.1.0", "^1.0.0", "latest", "file:../..", "https://example.com/x.tgz", "github:a/b"])(
    "writes %s as it is",
    async (value) => {
      expect(await givenSpecifier(value, root, "npm")).toBe(value);
    },
  );

  test.each(["./gone.tgz", "/gone", 'a"b', "$(id)", "a b", "a\nb"])("refuses %j", async (value) => {
    await expect(givenSpecifier(value, root, "npm")).rejects.toThrow(UsageError);
  });
});

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesIn, readTree } from "../../src/files.ts";
import { readPack } from "../../src/pack.ts";
import { packageManifest, packageRoot } from "../../src/package-root.ts";
import { createSandbox, type Sandbox } from "./packed.ts";

describe("the package", () => {
  let place: Sandbox;
  beforeAll(async () => {
    place = await createSandbox();
  });
  afterAll(() => place.remove());

  test("is small enough to be fetched for one run", () => {
    expect(place.tarball.bytes).toBeLessThanOrEqual(250_000);
  });

  test("holds what was built, and nothing else", () => {
    const others = place.tarball.files.filter(
      (path) => !/^(dist\/|LICENSE$|README\.md$|package\.json$)/.test(path),
    );
    expect(others).toEqual([]);
  });

  test("has all of templates/ in its packs, the runtime also as JavaScript and declarations", () => {
    const root = packageRoot();
    expect(place.tarball.files).toEqual(
      expect.arrayContaining(["dist/runtime.br", "dist/templates.br"]),
    );
    const files = readTree(join(root, "templates"));
    const runtime = [...filesIn(files, "runtime")].flatMap(([path]) =>
      [".ts", ".js", ".d.ts"].map((extension) => path.replace(/\.ts$/, extension)),
    );
    expect([...readPack(root, "runtime").keys()].sort()).toEqual(runtime.sort());
    const others = [...files.keys()].filter((path) => !path.startsWith("runtime/"));
    expect([...readPack(root, "templates").keys()].sort()).toEqual(others.sort());
  });

  test("needs one package at run time and has no install script", () => {
    const manifest: { scripts?: Record<string, string> } & ReturnType<typeof packageManifest> =
      packageManifest();
    expect(Object.keys(manifest.dependencies)).toEqual(["@bufbuild/buf"]);
    expect(Object.keys(manifest.scripts ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(pre|post)?install$/)]),
    );
  });
});

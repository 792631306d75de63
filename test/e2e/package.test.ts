import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTree } from "../../src/files.ts";
import { packageManifest, packageRoot } from "../../src/package-root.ts";
import { createSandbox, type Sandbox } from "./packed.ts";

describe("the package", () => {
  let place: Sandbox;
  beforeAll(async () => {
    place = await createSandbox();
  });
  afterAll(() => place.remove());

  test("is small enough to be fetched for one run", () => {
    expect(place.tarball.bytes).toBeLessThanOrEqual(600_000);
  });

  test("holds what was built, the templates, and nothing else", () => {
    const others = place.tarball.files.filter(
      (path) =>
        !/^(dist\/|templates\/|runtime\/src\/|LICENSE$|README\.md$|package\.json$)/.test(path),
    );
    expect(others).toEqual([]);
  });

  test("has every file of templates/: npm drops none, and obeys none", () => {
    const templates = place.tarball.files.filter((path) => path.startsWith("templates/"));
    const files = [...readTree(join(packageRoot(), "templates")).keys()];
    expect(templates).toEqual(files.map((path) => `templates/${path}`).sort());
  });

  test("has templates and starters compiled, the runtime as JavaScript and declarations", () => {
    const runtime = [...readTree(join(packageRoot(), "runtime/src")).keys()];
    const compiled = runtime.flatMap((path) => {
      return [".js", ".d.ts"].map((suffix) => `dist/runtime/${path.replace(/\.ts$/, suffix)}`);
    });
    expect(place.tarball.files).toEqual(
      expect.arrayContaining([
        "dist/templates.cjs",
        "dist/starters/user/sources.binpb",
        "dist/starters/user/messages/user_pb.ts",
        ...compiled,
      ]),
    );
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

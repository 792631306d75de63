import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageManifest } from "../../src/package-root.ts";
import { createSandbox, type Sandbox } from "./packed.ts";

describe("the package", () => {
  let place: Sandbox;
  beforeAll(async () => {
    place = await createSandbox();
  });
  afterAll(() => place.remove());

  test("is small enough to be fetched for one run", () => {
    expect(place.tarball.bytes).toBeLessThanOrEqual(275_000);
  });

  test("holds the bundle, the templates and nothing else", () => {
    const others = place.tarball.files.filter(
      (path) => !/^(dist\/|templates\/|LICENSE$|README\.md$|package\.json$)/.test(path),
    );
    expect(others).toEqual([]);
  });

  test("keeps the files that npm drops or obeys under their real names", () => {
    expect(place.tarball.files).toEqual(
      expect.arrayContaining([
        "templates/project/_gitignore",
        "templates/project/_dockerignore.hbs",
        "templates/runtime/index.ts",
        "dist/runtime/index.js",
        "dist/runtime/index.d.ts",
      ]),
    );
    expect(place.tarball.files.filter((path) => path.includes("node_modules"))).toEqual([]);
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

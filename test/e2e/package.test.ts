import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readTree } from "../../src/files.ts";
import { packageManifest, packageRoot } from "../../src/package-root.ts";
import { readCatalog } from "../../src/scaffold/templates/manifests.ts";
import { createSandbox, type Sandbox } from "./packed.ts";

const library: { version: string; exports: Record<string, Record<string, string>> } = JSON.parse(
  readFileSync(new URL("../../runtime/package.json", import.meta.url), "utf8"),
);

describe("the packages", () => {
  let place: Sandbox;
  beforeAll(async () => {
    place = await createSandbox();
  });
  afterAll(() => place.remove());

  test("are small enough to be downloaded for one run", () => {
    // Six starters, and with grpc-js, protobuf-es and protovalidate what `call` and `mock` run on.
    expect(place.tarballs.tool.bytes).toBeLessThanOrEqual(720_000);
    // Half of it is the TypeScript that editors and debuggers show. It grows with what projects need not
    // own: overload, identity, metrics, resilience, the database, files, rooms, batches and codecs.
    expect(place.tarballs.library.bytes).toBeLessThanOrEqual(580_000);
  });

  test("holds what was built, the templates, and nothing else", () => {
    const others = place.tarballs.tool.files.filter(
      (path) => !/^(dist\/|templates\/|LICENSE$|README\.md$|package\.json$)/.test(path),
    );
    expect(others).toEqual([]);
  });

  test("the library has its sources, declarations and every exported file", () => {
    const { files } = place.tarballs.library;
    expect(
      files.filter((path) => !/^(?:dist|src)\/|^(?:README|LICENSE|package)/.test(path)),
    ).toEqual([]);
    const exported = Object.values(library.exports).flatMap((conditions) =>
      Object.values(conditions).map((path) => path.slice("./".length)),
    );
    expect(files).toEqual(expect.arrayContaining(exported));
  });

  test("has every file of templates/: npm drops none and applies none", () => {
    const templates = place.tarballs.tool.files.filter((path) => path.startsWith("templates/"));
    const files = [...readTree(join(packageRoot(), "templates")).keys()];
    expect(templates).toEqual(files.map((path) => `templates/${path}`).sort());
  });

  test("has templates and starters compiled", () => {
    const { starters } = readCatalog(packageRoot());
    const compiled = starters.map(({ name }) => `dist/starters/${name}/sources.binpb`);
    expect(place.tarballs.tool.files).toEqual(
      expect.arrayContaining([
        "dist/templates.cjs",
        ...compiled,
        "dist/starters/user/messages/user_pb.ts",
      ]),
    );
  });

  test("both have the same version", () => {
    expect(library.version).toBe(packageManifest().version);
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

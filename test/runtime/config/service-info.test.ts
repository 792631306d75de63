import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { readServiceInfo } from "../../../runtime/src/config/index.ts";
import { temporaryFolders } from "../support/temporary-folders.ts";

const temporaryFolder = temporaryFolders();

function manifest(content: string): URL {
  const path = join(temporaryFolder(), "package.json");
  writeFileSync(path, content);
  return pathToFileURL(path);
}

test("name and version of a package.json", () => {
  const url = manifest('{ "name": "shop", "version": "1.2.3", "private": true }');
  expect(readServiceInfo(url)).toEqual({ name: "shop", version: "1.2.3" });
});

test.each(['{ "name": "shop" }', '{ "version": "1.2.3" }', '{ "name": 1, "version": "1" }'])(
  "%s is refused with the path of the file",
  (content) => {
    expect(() => readServiceInfo(manifest(content))).toThrow(
      /\/package\.json needs a name and a version$/,
    );
  },
);

test("a missing file is refused", () => {
  const url = pathToFileURL(join(temporaryFolder(), "package.json"));
  expect(() => readServiceInfo(url)).toThrow(/ENOENT.*package\.json/);
});

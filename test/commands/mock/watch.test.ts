import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listAfterChanges } from "../../../src/commands/mock/watch.ts";
import { protoFilesIn } from "../../../src/scaffold/protos/sources/proto-folder.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";

test("files are listed again after a change only, also in a folder without files", async () => {
  const root = await temporaryFolder();
  const folder = join(root, "protos");
  const paths = ["a/b/one.proto", "two.proto"].map((path) => join(folder, path));
  await writeFiles(root, { "protos/a/b/one.proto": "one", "protos/two.proto": "two" });
  let count = 0;
  const list = listAfterChanges(() => {
    count += 1;
    return protoFilesIn(folder);
  }, [folder]);
  const look = async () => [await list(), count];

  expect(await look()).toEqual([paths, 1]);
  expect(await look()).toEqual([paths, 1]);
  await writeFile(join(folder, "two.proto"), "changed");
  expect(await look()).toEqual([paths, 2]);
  await writeFiles(folder, { "a/three.proto": "three" });
  const three = [join(folder, "a/b/one.proto"), join(folder, "a/three.proto"), paths[1]];
  expect(await look()).toEqual([three, 3]);
  await rm(join(folder, "a"), { recursive: true });
  expect(await look()).toEqual([[paths[1]], 4]);
  expect(await look()).toEqual([[paths[1]], 4]);
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { afterAll, beforeAll, expect, test } from "vitest";
import { binDirectory, filesOf, requestFor, root, run } from "./support.ts";

/** A name of the given length that starts with `start`. */
function nameOf(start: string, length: number): string {
  return start.padEnd(length, "x");
}

const lengths = Array.from({ length: 115 }, (_, index) => index + 1);

const kinds = [
  {},
  { serverStreaming: true },
  { clientStreaming: true },
  { clientStreaming: true, serverStreaming: true },
];

/** Services, methods and messages with names of every length at which a line may be broken. */
const file = create(FileDescriptorProtoSchema, {
  name: "a.proto",
  syntax: "proto3",
  messageType: lengths.map((length) => ({ name: nameOf(`M${length}`, length) })),
  service: [
    ...[8, 30, 55, 80].map((methodLength) => ({
      name: `Methods${methodLength}`,
      method: lengths.flatMap((length) =>
        kinds.map((kind, index) => ({
          name: nameOf(`m${index}of${length}`, methodLength),
          inputType: `.${nameOf(`M${length}`, length)}`,
          outputType: `.${nameOf(`M${116 - length}`, 116 - length)}`,
          ...kind,
        })),
      ),
    })),
    ...lengths.flatMap((length) => {
      const method = { name: nameOf("m", length), inputType: ".M1", outputType: ".M1" };
      return [
        { name: nameOf(`E${length}`, length) },
        { name: nameOf(`S${length}`, length), method: [method] },
      ];
    }),
  ],
});

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "formatting-"));
  const { formatter, assist } = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  const files = { maxSize: 100_000_000 };
  const config = { formatter, assist, files, linter: { enabled: false } };
  writeFileSync(join(directory, "biome.json"), JSON.stringify(config));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

test.each(["ts", "js", "dts"])(
  "%s is formatted as biome would, however long names are",
  (target) => {
    const response = run(requestFor([file], `target=${target},import_extension=js`));
    const [path = "", text = ""] =
      [...filesOf(response)].find(([name]) => name.startsWith("a_")) ?? [];
    expect(text.split("\n").length).toBeGreaterThan(10_000);
    writeFileSync(join(directory, path), text);
    const { status, stdout, stderr } = spawnSync(
      join(binDirectory, "biome"),
      ["check", "--colors=off", path],
      { cwd: directory, encoding: "utf8" },
    );
    expect(status, stdout + stderr).toBe(0);
  },
);

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../scaffold/support.ts";
import { compile, filesOf, requestFor, run } from "./support.ts";

/** The codec of a message with this body, whose fields are numbered. */
async function codecOf(count: number, open: string, close: string): Promise<string> {
  const folder = await temporaryFolder();
  const fields = Array.from({ length: count }, (_, at) => `string f${at + 1} = ${at + 1};`);
  const message = `message Wide { ${open}${fields.join(" ")}${close} }`;
  const service = "service S { rpc Get(Wide) returns (Wide); }";
  const text = `syntax = "proto3";\npackage wide;\n${message}\n${service}\n`;
  await writeFile(join(folder, "wide.proto"), text);
  return filesOf(run(requestFor(compile(folder)))).get("wide_codec.ts") ?? "";
}

// TypeScript refuses the function for some 700 fields, and takes minutes for 250 of one oneof.
test.each([
  { count: 500, open: "", close: "", reason: undefined },
  { count: 501, open: "", close: "", reason: "it has more than 500 fields" },
  { count: 100, open: "oneof kind { ", close: " }", reason: undefined },
  {
    count: 101,
    open: "oneof kind { ",
    close: " }",
    reason: "oneof kind has more than 100 fields",
  },
])("$open$count fields$close", async ({ count, open, close, reason }) => {
  const codec = await codecOf(count, open, close);
  const about = reason === undefined ? "" : `, by protobuf-es: ${reason}`;
  expect(codec).toContain(`\n// wide.Wide${about}\n`);
  expect(codec.includes("writeReflected(")).toBe(reason !== undefined);
});

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { quick, run, temporaryFolder, writeFiles } from "../support.ts";

/** Of protovalidate, what makes rules: an extension of that number. */
const validate = `syntax = "proto2";
package buf.validate;
import "google/protobuf/descriptor.proto";
extend google.protobuf.FieldOptions { optional bool field = 1159; }
`;

const shop = `syntax = "proto3";
package shop;
import "buf/validate/validate.proto";
message Order { string id = 1 [(buf.validate.field) = true]; }
message Ping {}
service Shop {
  rpc Buy(Order) returns (Ping);
  rpc Look(Ping) returns (Ping);
}
`;

test("the test of a stub accepts a refusal by the rules, which are checked first", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "shop.proto": shop, "buf/validate/validate.proto": validate });
  const { code } = await run(["demo", "--proto", "shop.proto", "-I", ".", ...quick], { cwd });
  expect(code).toBe(0);
  const testOf = (name: string) =>
    readFile(join(cwd, "demo/test/services/shop", `${name}.test.ts`), "utf8");
  expect(await testOf("buy")).toContain("INVALID_ARGUMENT");
  expect(await testOf("look")).not.toContain("INVALID_ARGUMENT");
});

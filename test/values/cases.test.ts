import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  create,
  createFileRegistry,
  type DescMessage,
  type FileRegistry,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { openExampleValues } from "../../src/values/example-values.ts";
import { compile } from "../../tooling/plugins/image.ts";
import { allMessages } from "../../tooling/values/all-messages.ts";
import { defectFinder } from "../../tooling/values/survives.ts";
import { temporaryFolder, writeFiles } from "../scaffold/support.ts";

const cases = join(packageRoot(), "test/cases");

async function schemaIn(folder: string): Promise<FileRegistry> {
  const file = [...(await compile(folder))];
  return createFileRegistry(create(FileDescriptorSetSchema, { file }));
}

async function schemaFrom(proto: string): Promise<FileRegistry> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { "test.proto": `syntax = "proto3";\npackage test;\n${proto}` });
  return schemaIn(folder);
}

function messageOf(schema: FileRegistry, name: string): DescMessage {
  const desc = schema.getMessage(`test.${name}`);
  if (desc === undefined) throw new Error(`no message ${name}`);
  return desc;
}

test.each(readdirSync(cases))("every message of %s has an example that survives", async (name) => {
  const schema = await schemaIn(join(cases, name));
  const values = await openExampleValues(schema);
  const messages = allMessages(schema);
  const defectOf = defectFinder(values);
  expect(messages.flatMap((desc) => defectOf(desc) ?? [])).toEqual([]);
});

describe("an example", () => {
  test("suits the names of fields, and is the same on every machine", async () => {
    const schema = await schemaFrom(`
message User {
  int32 id = 1; string name = 2; string email = 3; int32 age = 4; repeated string hobbies = 5;
  string phone_number = 6; string website_url = 7; int64 created_at = 8; double price = 9;
  string next_page_token = 10; bool has_more = 11; string user_id = 12; string uuid = 13;
  string ip_address = 14; string birth_date = 15; string country_code = 16;
}`);
    const values = await openExampleValues(schema);
    const { $typeName: _, ...fields } = { ...values.message(messageOf(schema, "User")) };
    expect(fields).toMatchInlineSnapshot(`
      {
        "age": 60,
        "birthDate": "2025-03-05",
        "countryCode": "BR",
        "createdAt": 1739097569n,
        "email": "priya.becker@example.com",
        "hasMore": false,
        "hobbies": [
          "summit",
          "island",
        ],
        "id": 3666,
        "ipAddress": "192.0.2.129",
        "name": "Daniel Larsen",
        "nextPageToken": "",
        "phoneNumber": "+1-202-555-0172",
        "price": 475.05,
        "userId": "user-8743",
        "uuid": "5bdcb641-b6e8-4a2b-acdf-7c48bd7da0b5",
        "websiteUrl": "https://meadow.example.com/river",
      }
    `);
    const again = await openExampleValues(schema);
    expect(again.message(messageOf(schema, "User"))).toEqual(
      values.message(messageOf(schema, "User")),
    );
    const other = await openExampleValues(schema, "2");
    expect(other.message(messageOf(schema, "User"))).not.toEqual(
      values.message(messageOf(schema, "User")),
    );
  });

  test("ends where types contain themselves", async () => {
    const schema = await schemaFrom(`
message Tree { string name = 1; repeated Tree children = 2; Tree parent = 3; map<string, Tree> all = 4; }
message Left { Right right = 1; } message Right { Left left = 1; oneof either { Left a = 2; Right b = 3; } }`);
    const values = await openExampleValues(schema);
    for (const name of ["Tree", "Left", "Right"]) {
      expect(defectFinder(values)(messageOf(schema, name))).toBeUndefined();
    }
  });

  test("of a wide and deep schema is small", async () => {
    const width = 12;
    const levels = Array.from({ length: 10 }, (_, level) => {
      const fields = Array.from({ length: width }, (_, at) => `M${level + 1} f${at} = ${at + 1};`);
      return `message M${level} { ${fields.join(" ")} }`;
    });
    const schema = await schemaFrom(`${levels.join("\n")}\nmessage M10 { string name = 1; }`);
    const values = await openExampleValues(schema);
    expect(defectFinder(values)(messageOf(schema, "M0"))).toBeUndefined();
    expect(JSON.stringify(values.message(messageOf(schema, "M0"))).length).toBeLessThan(100_000);
  });

  test("has valid well-known types", async () => {
    const schema = await schemaFrom(`
import "google/protobuf/any.proto"; import "google/protobuf/duration.proto";
import "google/protobuf/empty.proto"; import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto"; import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
message Example {
  google.protobuf.Any any = 1; google.protobuf.Duration duration = 2; google.protobuf.Empty empty = 3;
  google.protobuf.FieldMask mask = 4; google.protobuf.Struct struct = 5; google.protobuf.Value value = 6;
  google.protobuf.ListValue list = 7; google.protobuf.Timestamp time = 8;
  google.protobuf.StringValue text = 9; google.protobuf.Int64Value long = 10;
  google.protobuf.BoolValue flag = 11; google.protobuf.BytesValue bytes = 12;
  google.protobuf.DoubleValue real = 13; google.protobuf.NullValue nothing = 14;
  repeated google.protobuf.Any anys = 15; map<string, google.protobuf.Value> values = 16;
  oneof kind { google.protobuf.StringValue a = 17; google.protobuf.NullValue b = 18; google.protobuf.Struct c = 19; }
  repeated google.protobuf.Int32Value ints = 20; map<int64, google.protobuf.Timestamp> times = 21;
  map<bool, google.protobuf.Struct> structs = 22; optional google.protobuf.Value maybe = 23;
}`);
    const defectOf = defectFinder(await openExampleValues(schema));
    const labels = Array.from({ length: 50 }, (_, at) => String(at));
    const defects = labels.flatMap((label) => defectOf(messageOf(schema, "Example"), label) ?? []);
    expect(defects).toEqual([]);
  });
});

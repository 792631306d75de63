import { expect, test } from "vitest";
import { recordedSource } from "../../../src/scaffold/new/recorded-source.ts";

const nothing = { proto: [], importPaths: [], starter: "" };

test("paths are relative to the project, and what is fetched is as it was given", () => {
  const proto = ["protos/a.proto", "/repo/services/shop", "buf.build/acme/shop"];
  const source = { ...nothing, proto, importPaths: ["third_party"] };
  expect(recordedSource(source, "/repo/services/shop", "/repo")).toEqual({
    proto: ["../../protos/a.proto", ".", "buf.build/acme/shop"],
    importPaths: ["../../third_party"],
  });
});

test("credentials in URLs are left out, as the record is committed", () => {
  const proto = ["https://ann:token@example.com/protos.git#branch=main"];
  const server = "https://token@example.com:443";
  expect(recordedSource({ ...nothing, proto, server }, "/p", "/")).toEqual({
    proto: ["https://example.com/protos.git#branch=main"],
    importPaths: [],
    server: "https://example.com:443",
  });
});

test("the protos of a starter belong to the project", () => {
  expect(recordedSource({ ...nothing, starter: "user" }, "/p", "/")).toBeUndefined();
});

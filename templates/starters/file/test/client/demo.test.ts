import { failureOf } from "grpc-service/testing";
import { expect, test } from "vitest";
import { demonstrate } from "../../src/client/demo.ts";
import { useFileTestApp } from "../file-test-app.ts";

const app = useFileTestApp();

test("the demonstration calls every RPC, leaves nothing and can be repeated", async () => {
  const lines: string[] = [];
  await demonstrate(app.ada, (line) => lines.push(line), "first");
  expect(lines).toEqual([
    "Upload (client streaming)",
    "  2500000 bytes in 3 chunks",
    "Upload with a name that is taken (client streaming, refused)",
    '  [ALREADY_EXISTS] there is a file with the name "plain.txt"',
    "StartUpload (unary), AppendUpload with 60 % of the bytes (client streaming)",
    "GetUpload (unary), AppendUpload with the rest, FinishUpload (unary)",
    "  continues at 1500000 of 2500000 bytes",
    "  2500000 bytes, SHA-256 as sent",
    "CancelUpload (unary)",
    "  nothing is left of another upload",
    "GetFile (unary)",
    "  2500000 bytes, SHA-256 as sent",
    "ListFiles (unary)",
    "  2 files on the first page",
    "Download (server streaming)",
    "  2500000 bytes, SHA-256 as sent",
    "Download of 12 bytes from 1000008 on (server streaming)",
    '  "파일 file "',
    "DeleteFile (unary)",
    "  both files are gone",
  ]);
  expect(app.store.usedBytes).toBe(0);
  await demonstrate(app.ada, () => {}, "second");
});

test("the demonstration fails when a call does", async () => {
  const failure = await failureOf(demonstrate(app.anonymous, () => {}, "x"));
  expect(failure.code).toBe("UNAUTHENTICATED");
});

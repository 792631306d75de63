import { existsSync } from "node:fs";
import { chmod, cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { parseProtoFile, withLinesInBlock } from "../../../src/commands/add/proto-file.ts";
import { quick, readFiles, run, temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";

const billing = `syntax = "proto3";

package acme.v1;

// The service { of this file.
service Billing {
  rpc Charge(ChargeRequest) returns (ChargeResponse);
}

message ChargeRequest {}

message ChargeResponse {}
`;

let original: string;
let root: string;

beforeAll(async () => {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, "billing.proto"), billing);
  expect((await run(["demo", ...quick, "--proto", "billing.proto"], { cwd })).code).toBe(0);
  original = join(cwd, "demo");
});

beforeEach(async () => {
  root = join(await temporaryFolder(), "demo");
  await cp(original, root, { recursive: true });
});

const add = (...args: string[]) => runCommand(["add", ...args], { cwd: root });
const text = (path: string) => readFile(join(root, path), "utf8");

test("an RPC gets messages, a handler and a test", async () => {
  const { code, output } = await add("rpc", "Billing/Refund", "--stream", "server");
  expect(code).toBe(0);
  expect(output).toMatch(/^proto\/billing\.proto\n\+ rpc Refund\(RefundRequest\) returns/);
  expect(output).toContain("acme.v1.Billing/Refund");
  expect(await text("proto/billing.proto")).toBe(
    `${billing.replace(
      "(ChargeResponse);\n",
      "(ChargeResponse);\n  rpc Refund(RefundRequest) returns (stream RefundResponse);\n",
    )}
message RefundRequest {}

message RefundResponse {}
`,
  );
  expect(await text("src/services/billing/refund.ts")).toContain("async function*");
  expect(await text("src/services/billing/index.ts")).toContain("refund: refund(");
  expect(existsSync(join(root, "test/services/billing/refund.test.ts"))).toBe(true);
});

test("a service gets its RPCs, and is registered", async () => {
  const { code } = await add("service", "Ledger", "--rpc", "Book", "--rpc", "Charge");
  expect(code).toBe(0);
  const proto = await text("proto/billing.proto");
  expect(proto.slice(billing.length)).toBe(`
service Ledger {
  rpc Book(BookRequest) returns (BookResponse);
  rpc Charge(LedgerChargeRequest) returns (LedgerChargeResponse);
}

message BookRequest {}

message BookResponse {}

message LedgerChargeRequest {}

message LedgerChargeResponse {}
`);
  expect(await text("src/services/index.ts")).toContain("ledger");
  expect(existsSync(join(root, "src/services/ledger/book.ts"))).toBe(true);
});

test("a service without RPCs says what is next", async () => {
  const { code, output } = await add("service", "Ledger");
  expect(code).toBe(0);
  expect(output).toMatch(
    /\nLedger is served when it has an RPC: grpc-service add rpc Ledger\/<Method>\n$/,
  );
  expect((await add("rpc", "Ledger/Book")).code).toBe(0);
  expect(await text("proto/billing.proto")).toContain(
    "service Ledger {\n  rpc Book(BookRequest) returns (BookResponse);\n}\n",
  );
});

test("--dry-run prints the lines and writes nothing", async () => {
  const before = await readFiles(root);
  const { code, output } = await add("rpc", "acme.v1.Billing/Refund", "--dry-run");
  expect({ code, output }).toEqual({
    code: 0,
    output: `proto/billing.proto
+ rpc Refund(RefundRequest) returns (RefundResponse);
+ message RefundRequest {}
+ message RefundResponse {}
Nothing was written.
`,
  });
  expect(await readFiles(root)).toEqual(before);
});

test("the proto is as before if the project's protos do not compile", async () => {
  await writeFiles(root, { "proto/broken.proto": 'syntax = "proto3";\nmessage {\n' });
  const before = await readFiles(root);
  const { code, output, notes } = await add("rpc", "Billing/Refund");
  // Nothing is printed as done.
  expect({ code, output }).toEqual({ code: 2, output: "" });
  expect(notes).toContain("broken.proto:2:");
  expect(await readFiles(root)).toEqual(before);
});

test("Ctrl-C behind the changes keeps the proto and its code together", async () => {
  const controller = new AbortController();
  // The compiler of the project starts when everything is written.
  await writeFiles(root, {
    "node_modules/typescript/package.json": '{ "bin": { "tsc": "tsc.js" } }',
    "node_modules/typescript/tsc.js": "setInterval(() => {}, 1000);",
    "node_modules/.bin/tsc": "#!/usr/bin/env node\nsetInterval(() => {}, 1000);\n",
  });
  await chmod(join(root, "node_modules/.bin/tsc"), 0o755);
  const running = runCommand(["add", "rpc", "Billing/Refund"], {
    cwd: root,
    signal: controller.signal,
  });
  await vi.waitUntil(() => existsSync(join(root, "src/services/billing/refund.ts")), 30_000);
  await vi.waitUntil(() => !existsSync(join(root, ".create-grpc-service")), 30_000);
  controller.abort();
  expect((await running).code).toBe(130);
  expect(await text("proto/billing.proto")).toContain("rpc Refund(");
  expect(await text("src/gen/billing_grpc.ts")).toContain("refund");
});

test("a rename that has to be decided first comes before it", async () => {
  // Messages with fields: other RPCs of the service do not look like it.
  const proto = billing.replaceAll(/(message \w+) \{\}/g, "$1 { string id = 1; }");
  await writeFiles(root, { "proto/billing.proto": proto });
  expect((await runCommand(["sync"], { cwd: root })).code).toBe(0);
  const renamed = proto.replace("rpc Charge(", "rpc Pay(");
  await writeFiles(root, { "proto/billing.proto": renamed });
  const before = await readFiles(root);
  const { code, output, notes } = await add("rpc", "Billing/Refund");
  expect(code).toBe(1);
  expect(output).not.toContain("+ rpc Refund");
  expect(notes).toContain(
    "grpc-service: nothing was added to proto/billing.proto; run npx grpc-service sync first\n",
  );
  expect(await readFiles(root)).toEqual(before);
});

test("a proto in another encoding is not rewritten", async () => {
  const latin = Buffer.concat([Buffer.from(billing), Buffer.from([0x2f, 0x2f, 0xe9, 0x0a])]);
  await writeFiles(root, { "proto/billing.proto": latin });
  expect(await add("rpc", "Billing/Refund")).toEqual({
    code: 2,
    output: "",
    notes: "grpc-service: proto/billing.proto is not UTF-8; save it as UTF-8\n",
  });
  expect(await readFile(join(root, "proto/billing.proto"))).toEqual(latin);
});

describe("bad names are refused in one line", () => {
  test.each([
    [["rpc", "Billing"], '"Billing" is not <Service>/<Method>, such as Billing/Charge'],
    [["rpc", "Biling/Refund"], 'no service "Biling" in proto/; did you mean Billing?'],
    [["rpc", "Billing/Charge"], "Billing in proto/billing.proto already has Charge"],
    [
      ["rpc", "Billing/refund"],
      '"refund" is not a name of a method; it needs a capital letter, then letters and digits',
    ],
    [
      ["rpc", "Billing/Refund", "--stream", "up"],
      '--stream "up" is not one of client, server, both',
    ],
    [["service", "Billing"], "proto/billing.proto already has Billing"],
    [["service", "ChargeRequest"], "proto/billing.proto already has ChargeRequest"],
    [
      ["service", "le;dger"],
      '"le;dger" is not a name of a service; it needs a capital letter, then letters and digits',
    ],
    [["service", "Ledger", "--rpc", "A", "--rpc", "A"], "--rpc A is given twice"],
    [
      ["service", "Ledger", "--stream", "server"],
      "--stream has no effect without --rpc: name the RPC that streams",
    ],
    [
      ["service", "Ledger", "--proto", "proto/x.proto"],
      "--proto proto/x.proto is not a file of this project; there are proto/billing.proto",
    ],
  ])("%j", async (args, message) => {
    const before = await readFiles(root);
    const { code, output, notes } = await add(...args);
    expect({ code, output, notes }).toEqual({
      code: 2,
      output: "",
      notes: `grpc-service: ${message}\n`,
    });
    expect(await readFiles(root)).toEqual(before);
  });

  test("a service with a name of two packages, and a file to choose", async () => {
    const other = billing.replace("acme.v1", "other.v1");
    await writeFiles(root, { "proto/other/other.proto": other });
    expect((await add("rpc", "Billing/Refund")).notes).toBe(
      'grpc-service: "Billing" is one of acme.v1.Billing, other.v1.Billing; give its full name\n',
    );
    expect((await add("service", "Ledger")).notes).toBe(
      "grpc-service: choose the file with --proto: proto/billing.proto, proto/other/other.proto\n",
    );
    expect((await add("rpc", "other.v1.Billing/Refund")).code).toBe(0);
    expect(await text("proto/billing.proto")).toBe(billing);
  });
});

describe("lines are put at the end of a service", () => {
  test.each([
    ["service A {}", "service A {\n  rpc X();\n}"],
    ["service A { rpc B(M) returns (M); }", "service A { rpc B(M) returns (M);\n  rpc X();\n}"],
    ["service A {\n  // } not here\n}\n", "service A {\n  // } not here\n  rpc X();\n}\n"],
    [
      'service A {\r\n  option x = "}";\r\n}',
      'service A {\r\n  option x = "}";\r\n  rpc X();\r\n}',
    ],
  ])("%j", (before, after) => {
    const [service] = parseProtoFile("a.proto", before).services;
    expect(withLinesInBlock(before, service?.close ?? -1, ["rpc X();"])).toBe(after);
  });
});

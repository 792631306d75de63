import { describe, expect, test } from "vitest";
import { BadRequestSchema, ErrorInfoSchema } from "../../../runtime/src/error-details.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { all, clientFor } from "./support/call.ts";
import { startMock } from "./support/start-mock.ts";
import { userProto } from "./support/user-proto.ts";

const proto = ["--proto", "user.proto"];

async function serve(stubs: Readonly<Record<string, string>>, ...args: string[]) {
  const mock = await startMock({ "user.proto": userProto, ...stubs }, ...proto, ...args);
  return { mock, call: await clientFor(userProto, "user.UserService", mock.address) };
}

const getUser = `
method: user.UserService/GetUser
stubs:
  - match: { id: 1 }
    response: { id: 1, name: Kim, score: "9007199254740993" }
    headers: { x-cache: hit, x-raw-bin: AAEC }
    trailers: { x-cost: ["1", "2"] }
  - match: { id: 404 }
    status:
      code: NOT_FOUND
      message: user 404 not found
      details:
        - "@type": type.googleapis.com/google.rpc.ErrorInfo
          reason: NO_SUCH_USER
          domain: example.com
  - match: { id: 1, near: { city: Seoul } }
    response: { id: 1, name: Kim in Seoul }
  - match: { id: 2 }
    latency: 120ms
`;

describe("a stub", () => {
  test("answers requests that have its fields; the one with the most fields counts", async () => {
    const { call } = await serve({ "mocks/get-user.yaml": getUser });
    expect(await all(call("GetUser", [{ id: 1 }]))).toEqual([
      { id: 1, name: "Kim", score: "9007199254740993" },
    ]);
    const near = { city: "Seoul", street: "Sejong-daero" };
    expect(await all(call("GetUser", [{ id: 1, near }]))).toMatchObject([{ name: "Kim in Seoul" }]);
    // Generated.
    expect(await all(call("GetUser", [{ id: 3 }]))).toMatchObject([{ id: 3 }]);
  });

  test("has headers and trailers", async () => {
    const { call } = await serve({ "mocks/get-user.yaml": getUser });
    const seen: unknown[] = [];
    const options = {
      onHeader: (header: { get(key: string): unknown[] }) =>
        seen.push(header.get("x-cache"), header.get("x-raw-bin")),
      onTrailer: (trailer: { get(key: string): unknown[] }) => seen.push(trailer.get("x-cost")),
    };
    await all(call("GetUser", [{ id: 1 }], options));
    expect(seen).toEqual([["hit"], [Buffer.from([0, 1, 2])], ["1, 2"]]);
  });

  test("fails with a status and its details", async () => {
    const { call } = await serve({ "mocks/get-user.yaml": getUser });
    const failure = await all(call("GetUser", [{ id: 404 }])).catch(GrpcError.from);
    expect(failure).toMatchObject({ code: "NOT_FOUND", rawMessage: "user 404 not found" });
    if (!(failure instanceof GrpcError)) throw failure;
    expect(failure.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "NO_SUCH_USER" }]);
    expect(failure.findDetails(BadRequestSchema)).toEqual([]);
  });

  test("can be a latency only: then the response is generated", async () => {
    const { call } = await serve({ "mocks/get-user.yaml": getUser });
    const started = performance.now();
    expect(await all(call("GetUser", [{ id: 2 }]))).toMatchObject([{ id: 2 }]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(119);
  });

  test("sends a stream at its pace, and ends it with a status", async () => {
    const { call } = await serve({
      "mocks/stream.json": JSON.stringify({
        method: "user.UserService/StreamUsers",
        stubs: [
          {
            responses: [{ id: 1 }, { id: 2 }, { id: 3 }],
            interval: "60ms",
            status: { code: "DATA_LOSS", message: "cut" },
          },
        ],
      }),
    });
    const received: unknown[] = [];
    const started = performance.now();
    const reading = (async () => {
      for await (const response of call("StreamUsers", [{}])) received.push(response);
    })();
    await expect(reading).rejects.toMatchObject({ code: "DATA_LOSS", rawMessage: "cut" });
    expect(performance.now() - started).toBeGreaterThanOrEqual(119);
    expect(received).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  test("answers each request of a bidirectional call, with none, one or several responses", async () => {
    const { call } = await serve({
      "mocks/chat.yml": `
method: user.UserService/ChatWithUsers
stubs:
  - match: { name: silent }
    responses: []
  - match: { name: twice }
    responses: [{ id: 1 }, { id: 2 }]
  - match: { name: stop }
    status: { code: ABORTED }
`,
    });
    const received: unknown[] = [];
    const names = ["silent", "twice", "other", "stop", "twice"].map((name) => ({ name }));
    const reading = (async () => {
      for await (const response of call("ChatWithUsers", names)) received.push(response);
    })();
    await expect(reading).rejects.toMatchObject({ code: "ABORTED" });
    expect(received).toMatchObject([{ id: 1 }, { id: 2 }, { name: "other" }]);
  });

  test("overrides the flags with the latency and the faults of its file", async () => {
    const file = "method: user.UserService/GetUser\nlatency: 0ms\nfail: UNAVAILABLE:100%\n";
    const { call } = await serve({ "mocks/x.yaml": file }, "--latency", "600s");
    await expect(all(call("GetUser", [{}]))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

test("every mistake is one line that names file and field", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, {
    "user.proto": userProto,
    "mocks/a.yaml": `
method: user.UserService/GetUser
stub: []
stubs:
  - mach: { id: 1 }
  - match: { idd: 1 }
    response: { id: one, nmae: Kim, address: { town: Seoul }, hobbies: [1], score: 9007199254740993 }
  - response: {}
    status: { code: NOTFOUND }
  - responses: [{}]
  - latency: soon
    headers: { grpc-status: "0", "a b": x }
`,
    "mocks/b.json": '{ "method": "user.UserService/GetUsers" }',
    "mocks/c.yaml": "method: [",
    "mocks/d.json": "{",
    "mocks/e.yaml": "- a",
    "mocks/f.yaml": "method: user.UserService/GetUser\nfail: SOMETIMES\n",
    "mocks/notes.txt": "not a stub",
  });
  const { code, output, notes } = await runCommand(["mock", ...proto], { cwd });
  expect({ code, output }).toEqual({ code: 2, output: "" });
  // The text about invalid JSON depends on the version of Node.js.
  expect(notes.replace(/(d\.json: .*?)in JSON.*/, "$1")).toMatchInlineSnapshot(`
    "grpc-service: mocks/a.yaml: stub: unknown key; did you mean stubs?
      mocks/a.yaml: stubs[0].mach: unknown key; did you mean match?
      mocks/a.yaml: stubs[1].match.idd: user.GetUserRequest has no such field; did you mean id?
      mocks/a.yaml: stubs[1].response.id: expected int32, got "one"
      mocks/a.yaml: stubs[1].response.nmae: user.User has no such field; did you mean name?
      mocks/a.yaml: stubs[1].response.address.town: user.Address has no such field
      mocks/a.yaml: stubs[1].response.hobbies[0]: expected string, got 1
      mocks/a.yaml: stubs[1].response.score: a number this large must be quoted
      mocks/a.yaml: stubs[2].status.code: unknown status; did you mean NOT_FOUND?
      mocks/a.yaml: stubs[2]: has response and status; a call that fails has no response
      mocks/a.yaml: stubs[3].responses: user.UserService/GetUser has one response; use response
      mocks/a.yaml: stubs[4].headers.grpc-status: gRPC sets this key itself
      mocks/a.yaml: stubs[4].headers.a b: Metadata key "a b" contains illegal characters
      mocks/a.yaml: stubs[4].latency: expected a time such as 50ms or 1.5s, or a range such as 20ms..100ms, up to 600s
      mocks/b.json: method: the protos have no method user.UserService/GetUsers; did you mean user.UserService/GetUser?
      mocks/c.yaml:1: unexpected end of the stream within a flow collection
      mocks/d.json: Expected property name or '}' 
      mocks/e.yaml: expected an object with method, latency, fail and so on
      mocks/f.yaml: fail: expected a status and its share of calls, such as UNAVAILABLE:5%
    "
  `);
});

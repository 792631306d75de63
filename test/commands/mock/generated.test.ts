import { EventEmitter, once } from "node:events";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { bindClient } from "../../../runtime/src/client/index.ts";
import { HealthClient } from "../../../runtime/src/health/client.ts";
import { serverReflectionDefinition } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_grpc.ts";
import { property } from "../../../src/json.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { all, clientFor } from "./support/call.ts";
import { startMock } from "./support/start-mock.ts";
import { userProto } from "./support/user-proto.ts";

const files = { "user.proto": userProto };
const proto = ["--proto", "user.proto"];

async function start(...args: string[]) {
  const mock = await startMock(files, ...proto, ...args);
  return { mock, call: await clientFor(userProto, "user.UserService", mock.address) };
}

describe("without stubs", () => {
  test("every kind of method is answered", async () => {
    const { call } = await start();
    const [user] = await all(call("GetUser", [{ id: 7 }]));
    expect(user).toMatchObject({ id: 7, email: expect.stringMatching(/^[\w.]+@example\.com$/) });
    expect(await all(call("StreamUsers", [{}]))).toHaveLength(3);
    const created = await all(call("CreateBatchUsers", [{ name: "Ada" }, { name: "Bob" }]));
    expect(created).toMatchObject([{ user: { name: "Ada" } }]);
    const chat = await all(call("ChatWithUsers", [{ name: "Ada" }, { name: "Bob" }]));
    expect(chat).toMatchObject([{ name: "Ada" }, { name: "Bob" }]);
  });

  test("a bidirectional call is answered request by request", async () => {
    const { call } = await start();
    const answers = new EventEmitter();
    const names = ["Ada", "Bob", "Cem"];
    async function* requests() {
      for (const name of names) {
        const answered = once(answers, name);
        yield { name };
        await answered;
      }
    }
    const answered: string[] = [];
    for await (const response of call("ChatWithUsers", requests())) {
      const name = String(property(response, "name"));
      answered.push(name);
      answers.emit(name);
    }
    expect(answered).toEqual(names);
  });

  test("the same request gets the same response, also from another server", async () => {
    const { call } = await start();
    const first = await all(call("GetUser", [{ id: 7 }]));
    expect(await all(call("GetUser", [{ id: 7 }]))).toEqual(first);
    const { call: again } = await start();
    expect(await all(again("GetUser", [{ id: 7 }]))).toEqual(first);
    const { call: other } = await start("--seed", "2");
    expect(await all(other("GetUser", [{ id: 7 }]))).not.toEqual(first);
    expect(await all(call("GetUser", [{ id: 8 }]))).not.toMatchObject([{ email: first }]);
  });

  test("the raw client of grpc-js is served", async () => {
    const { mock } = await start();
    const client = new Client(mock.address, credentials.createInsecure());
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const same = (value: Buffer) => value;
      const done = (error: ServiceError | null, value: Buffer = Buffer.alloc(0)) =>
        error === null ? resolve(value) : reject(error);
      client.makeUnaryRequest("/user.UserService/GetUser", same, same, Buffer.from([8, 7]), done);
    });
    // Field 1 is 7.
    expect([...bytes.subarray(0, 2)]).toEqual([8, 7]);
    client.close();
  });

  test("health and reflection are on", async () => {
    const { mock } = await start();
    const health = new HealthClient(mock.address);
    expect(await health.check({ service: "user.UserService" })).toMatchObject({ status: 1 });
    health.close();
    const reflection = bindClient(serverReflectionDefinition, mock.address);
    const requests = [{ messageRequest: { case: "listServices", value: "" } } as const];
    for await (const { messageResponse } of reflection.methods.serverReflectionInfo(requests)) {
      expect(JSON.stringify(messageResponse.value)).toContain("user.UserService");
    }
    reflection.close();
  });

  test("an unknown method is UNIMPLEMENTED, and a large request RESOURCE_EXHAUSTED", async () => {
    const { call, mock } = await start();
    const other = userProto.replaceAll("GetUser(", "DropUser(");
    const unknown = await clientFor(other, "user.UserService", mock.address);
    await expect(all(unknown("DropUser", [{}]))).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
    const large = { name: "x".repeat(5_000_000) };
    await expect(all(call("CreateBatchUsers", [large]))).rejects.toMatchObject({
      code: "RESOURCE_EXHAUSTED",
    });
  });
});

describe("behaviour", () => {
  test("--fail ends a share of the calls, the same one for the same seed", async () => {
    const outcomes = async () => {
      const { call } = await start("--fail", "UNAVAILABLE:50%", "--fail", "INTERNAL:10%");
      const codes: string[] = [];
      for (let at = 0; at < 40; at++) {
        const outcome = await all(call("GetUser", [{ id: at }])).then(
          () => "OK",
          (error: { code: string }) => error.code,
        );
        codes.push(outcome);
      }
      return codes;
    };
    const codes = await outcomes();
    expect(new Set(codes)).toEqual(new Set(["OK", "UNAVAILABLE", "INTERNAL"]));
    expect(await outcomes()).toEqual(codes);
  });

  test("--latency delays responses, and a caller that leaves ends the wait", async () => {
    const { call } = await start("--latency", "150ms..200ms");
    const started = performance.now();
    await all(call("GetUser", [{}]));
    expect(performance.now() - started).toBeGreaterThanOrEqual(149);
    const { call: slow, mock } = await start("--latency", "600s");
    const late = all(slow("GetUser", [{}], { timeoutMs: 50 }));
    await expect(late).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    // Does not wait for the call that was left.
    expect(await mock.stop()).toBe(0);
  });
});

describe("refuses in one line", () => {
  test.each([
    [
      ["--latency", "fast"],
      "--latency fast: expected a time such as 50ms or 1.5s, or a range such as 20ms..100ms, up to 600s",
    ],
    [
      ["--latency", "9ms..1ms"],
      "--latency 9ms..1ms: expected a time such as 50ms or 1.5s, or a range such as 20ms..100ms, up to 600s",
    ],
    [
      ["--fail", "UNAVAIL:5%"],
      "--fail UNAVAIL:5%: expected a status and its share of calls, such as UNAVAILABLE:5%",
    ],
    [["--fail", "INTERNAL:60%", "--fail", "UNKNOWN:60%"], "--fail: more than 100% of the calls"],
    [["--address", "here"], "--address here: expected host:port, such as 127.0.0.1:50051"],
    [["--record", "there"], "--record there: expected host:port, such as 127.0.0.1:50051"],
  ])("%j", async (args, message) => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, files);
    expect(await runCommand(["mock", ...proto, ...args], { cwd })).toEqual({
      code: 2,
      output: "",
      notes: `grpc-service: ${message}\n`,
    });
  });

  test("a busy address", async () => {
    const { mock } = await start();
    const args = ["mock", ...proto, "--address", mock.address];
    expect(await runCommand(args, { cwd: mock.folder })).toMatchObject({
      code: 1,
      notes: `grpc-service: ${mock.address} is in use; give another --address, port 0 takes a free one\n`,
    });
    const foreign = ["mock", ...proto, "--address", "192.0.2.1:0"];
    expect(await runCommand(foreign, { cwd: mock.folder })).toMatchObject({
      code: 1,
      notes: expect.stringMatching(/^grpc-service: cannot listen on 192\.0\.2\.1:0: .*\n$/),
    });
  });

  test("protos that do not compile, or have no RPC", async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, {
      "bad.proto": 'syntax = "proto3"; messag',
      "none.proto": 'syntax = "proto3";',
    });
    const bad = await runCommand(["mock", "--proto", "bad.proto"], { cwd });
    expect(bad).toMatchObject({
      code: 2,
      notes: expect.stringMatching(/^grpc-service: bad\.proto:1:\d+: .*\n$/),
    });
    const none = await runCommand(["mock", "--proto", "none.proto"], { cwd });
    expect(none.notes).toBe("grpc-service: the protos have no service with an RPC\n");
  });

  test("no project and no --proto", async () => {
    const cwd = await temporaryFolder();
    const { code, notes } = await runCommand(["mock"], { cwd });
    expect(code).toBe(2);
    expect(notes).toMatch(/^grpc-service: no project here: .*; elsewhere, give --proto <path>\n$/);
  });
});

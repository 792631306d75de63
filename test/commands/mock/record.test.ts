import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockName } from "../../../src/scaffold/disk/project-lock.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { all, clientFor } from "./support/call.ts";
import { startMock, startMockIn } from "./support/start-mock.ts";
import { userProto } from "./support/user-proto.ts";

const proto = ["--proto", "user.proto"];

/** The server that is recorded: another mock, with stubs that no generated response equals. */
const real = {
  "user.proto": userProto,
  "mocks/get.yaml": `
method: user.UserService/GetUser
stubs:
  - match: { id: 1 }
    response: { id: 1, name: Real }
    headers: { x-cache: hit }
    trailers: { x-cost: "3" }
  - match: { id: 2 }
    status:
      code: NOT_FOUND
      message: gone
      details: [{ "@type": type.googleapis.com/google.rpc.ErrorInfo, reason: GONE }]
`,
  "mocks/stream.yaml": `
method: user.UserService/StreamUsers
stubs: [{ responses: [{ id: 10 }, { id: 11 }], interval: 20ms, status: { code: ABORTED, message: end } }]
`,
  "mocks/batch.yaml": `
method: user.UserService/CreateBatchUsers
stubs: [{ match: { name: Ada }, response: { message: 2 created } }]
`,
  "mocks/chat.yaml": `
method: user.UserService/ChatWithUsers
stubs: [{ match: { name: Ada }, responses: [{ id: 20 }, { id: 21 }] }, { match: { name: Bob }, response: { id: 22 } }]
`,
};

test("records calls of every kind from a server, and replays them without it", async () => {
  const server = await startMock(real, ...proto);
  const recorder = await startMock(
    { "user.proto": userProto },
    ...proto,
    "--record",
    server.address,
  );
  const outcomesOf = async (address: string) => {
    const call = await clientFor(userProto, "user.UserService", address);
    const outcome = async (...args: Parameters<typeof call>) => {
      const received: unknown[] = [];
      try {
        for await (const response of call(...args)) received.push(response);
      } catch (error) {
        const { code, rawMessage, details } = error as {
          code: string;
          rawMessage: string;
          details: { typeUrl: string }[];
        };
        received.push({ code, rawMessage, details: details.map(({ typeUrl }) => typeUrl) });
      }
      return received;
    };
    const metadata: string[] = [];
    const options = {
      onHeader: (header: { get(key: string): unknown[] }) =>
        metadata.push(String(header.get("x-cache"))),
      onTrailer: (trailer: { get(key: string): unknown[] }) =>
        metadata.push(String(trailer.get("x-cost"))),
    };
    async function* chat() {
      yield { name: "Ada" };
      // The recorder gives responses to the request before them.
      await answered;
      yield { name: "Bob" };
    }
    let resolve = () => {};
    const answered = new Promise<void>((done) => {
      resolve = done;
    });
    const chatted: unknown[] = [];
    for await (const response of call("ChatWithUsers", chat())) {
      chatted.push(response);
      if (chatted.length === 2) resolve();
    }
    return {
      found: await outcome("GetUser", [{ id: 1 }], options),
      missing: await outcome("GetUser", [{ id: 2 }]),
      stream: await outcome("StreamUsers", [{ id: 5 }]),
      batch: await outcome("CreateBatchUsers", [{ name: "Ada" }, { name: "Bob" }]),
      chatted,
      metadata,
    };
  };
  const expected = await outcomesOf(server.address);
  expect(expected).toMatchObject({
    found: [{ name: "Real" }],
    missing: [{ code: "NOT_FOUND", rawMessage: "gone" }],
    chatted: [{ id: 20 }, { id: 21 }, { id: 22 }],
    metadata: ["hit", "3"],
  });
  expect(await outcomesOf(recorder.address)).toEqual(expected);
  expect(await recorder.stop()).toBe(0);
  await server.stop();

  const files = await readdir(join(recorder.folder, "mocks"));
  expect(files.sort()).toEqual(
    ["ChatWithUsers", "CreateBatchUsers", "GetUser", "StreamUsers"].map(
      (name) => `user.UserService.${name}.json`,
    ),
  );
  const getUser = join(recorder.folder, "mocks/user.UserService.GetUser.json");
  expect(JSON.parse(await readFile(getUser, "utf8"))).toMatchObject({
    method: "user.UserService/GetUser",
    stubs: [
      { match: { id: 1 }, response: { id: 1, name: "Real" }, headers: { "x-cache": "hit" } },
      { match: { id: 2 }, status: { code: "NOT_FOUND", message: "gone" } },
    ],
  });

  const replay = await startMockIn(recorder.folder, ...proto);
  expect(await outcomesOf(replay.address)).toEqual(expected);
});

test("the status of a server that cannot be reached is passed on", async () => {
  const recorder = await startMock(
    { "user.proto": userProto },
    ...proto,
    "--record",
    "127.0.0.1:1",
  );
  const call = await clientFor(userProto, "user.UserService", recorder.address);
  await expect(all(call("GetUser", [{}]))).rejects.toMatchObject({ code: "UNAVAILABLE" });
});

test("a file in the place of the folder for stubs is left alone", async () => {
  const cwd = await temporaryFolder();
  await writeFiles(cwd, { "user.proto": userProto, mocks: "mine" });
  const args = ["mock", ...proto, "--record", "127.0.0.1:1"];
  expect(await runCommand(args, { cwd })).toEqual({
    code: 2,
    output: "",
    notes: "grpc-service: --stubs: cannot write to mocks: it is not a folder\n",
  });
  expect(await readFile(join(cwd, "mocks"), "utf8")).toBe("mine");
});

test("a second mock that records into the same folder is refused until the first one has ended", async () => {
  const server = await startMock(real, ...proto);
  const flags = [...proto, "--record", server.address];
  const first = await startMock({ "user.proto": userProto }, ...flags);
  await expect(startMockIn(first.folder, ...flags)).rejects.toThrow(
    `ended with 2: grpc-service: grpc-service mock --record (process ${process.pid}) is writing to mocks; wait until it has ended. If that process is another program, remove ${join("mocks", lockName)}`,
  );
  await startMockIn(first.folder, ...flags, "--stubs", "others");
  expect(await first.stop()).toBe(0);
  expect(await readdir(join(first.folder, "mocks"))).toEqual([]);
  await startMockIn(first.folder, ...flags);
});

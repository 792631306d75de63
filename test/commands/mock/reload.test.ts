import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { all, clientFor } from "./support/call.ts";
import { startMock } from "./support/start-mock.ts";
import { userProto } from "./support/user-proto.ts";

const stub = (name: string) =>
  `method: user.UserService/GetUser\nstubs: [{ response: { name: ${name} } }]\n`;

test("stubs are read again when they change; a broken file keeps its last state", async () => {
  const mock = await startMock(
    { "user.proto": userProto, "mocks/a.yaml": stub("first") },
    "--proto",
    "user.proto",
  );
  const call = await clientFor(userProto, "user.UserService", mock.address);
  const name = async () => (await all(call("GetUser", [{}])))[0];
  const file = join(mock.folder, "mocks/a.yaml");
  expect(await name()).toEqual({ name: "first" });

  await writeFile(file, stub("second"));
  await mock.noted("reloaded: user.UserService; 1 stub");
  expect(await name()).toEqual({ name: "second" });

  await writeFile(file, `${stub("third")}broken: [`);
  expect(await mock.noted("a.yaml:3")).toMatch(
    /^mock: mocks\/a\.yaml:3: .*; the stubs before stay$/,
  );
  expect(await name()).toEqual({ name: "second" });

  await writeFile(
    join(mock.folder, "mocks/b.yaml"),
    "method: user.UserService/StreamUsers\nstubs: [{ responses: [] }]\n",
  );
  await mock.noted("reloaded: user.UserService; 2 stubs");
  expect(await all(call("StreamUsers", [{}]))).toEqual([]);
  expect(await name()).toEqual({ name: "second" });

  await rm(join(mock.folder, "mocks"), { recursive: true });
  await mock.noted("reloaded: user.UserService; 0 stubs");
  expect(await all(call("StreamUsers", [{}]))).toHaveLength(3);
});

test("protos are compiled again when they change, on the same connection", async () => {
  const mock = await startMock({ "user.proto": userProto }, "--proto", "user.proto");
  const file = join(mock.folder, "user.proto");
  const grown = userProto
    .replace("service UserService {", "service UserService { rpc Ping(Address) returns (Address);")
    .concat("\nservice Other { rpc Do(Address) returns (Address); }\n");
  const call = await clientFor(grown, "user.UserService", mock.address);
  const other = await clientFor(grown, "user.Other", mock.address);
  const ping = () => all(call("Ping", [{ city: "Busan" }]));
  await expect(ping()).rejects.toMatchObject({ code: "UNIMPLEMENTED" });

  await writeFile(file, grown);
  await mock.noted("reloaded: user.UserService, user.Other; 0 stubs");
  expect(await ping()).toMatchObject([{ city: "Busan" }]);
  expect(await all(other("Do", [{}]))).toHaveLength(1);

  await writeFile(file, grown.replace("message Address", "messag Address"));
  expect(await mock.noted("user.proto:3")).toMatch(/; what was served before stays$/);
  expect(await ping()).toMatchObject([{ city: "Busan" }]);

  await writeFile(file, userProto);
  await mock.noted("reloaded: user.UserService; 0 stubs");
  await expect(ping()).rejects.toMatchObject({ code: "UNIMPLEMENTED" });
});

test("a call that runs ends as it began, while its service is replaced", async () => {
  const stream =
    "method: user.UserService/StreamUsers\nstubs: [{ responses: [{ id: 1 }, { id: 2 }], interval: 600s }]\n";
  const mock = await startMock(
    { "user.proto": userProto, "mocks/a.yaml": stream },
    "--proto",
    "user.proto",
  );
  const call = await clientFor(userProto, "user.UserService", mock.address);
  const abort = new AbortController();
  const responses = call("StreamUsers", [{}], { signal: abort.signal, timeoutMs: 0 });
  const running = responses[Symbol.asyncIterator]();
  expect((await running.next()).value).toEqual({ id: 1 });
  await rm(join(mock.folder, "mocks/a.yaml"));
  await mock.noted("reloaded");
  const second = running.next();
  expect(await all(call("StreamUsers", [{}]))).toHaveLength(3);
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: "CANCELLED" });
});

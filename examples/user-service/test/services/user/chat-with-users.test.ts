import { collect, failureOf, invalidFields } from "grpc-service/testing";
import { expect, test, vi } from "vitest";
import { noCall, person, useUserTestApp } from "./user-test-app.ts";

const app = useUserTestApp();

async function names(): Promise<string[]> {
  const { users } = await app.store.list({ offset: 0, limit: 10 }, noCall);
  return users.map(({ name }) => name);
}

test("answers each request before the next is sent", async () => {
  const log: string[] = [];
  let answered = (): void => {};
  async function* requests() {
    for (const name of ["ada", "grace", "홍길동"]) {
      const reply = new Promise<void>((resolve) => {
        answered = resolve;
      });
      log.push(`ask ${name}`);
      yield person(name);
      await reply;
    }
  }
  for await (const { id, name } of app.users.chatWithUsers(requests())) {
    log.push(`got ${name} #${id}`);
    answered();
  }
  expect(log).toEqual([
    "ask ada",
    "got ada #1",
    "ask grace",
    "got grace #2",
    "ask 홍길동",
    "got 홍길동 #3",
  ]);
});

test("passes the caller and the signal to the store", async () => {
  const create = vi.spyOn(app.store, "create");
  await collect(app.users.chatWithUsers([person("ada")]));
  expect(create).toHaveBeenCalledWith(
    person("ada"),
    expect.objectContaining({ actor: "test-user", signal: expect.any(AbortSignal) }),
  );
});

test("succeeds without requests", async () => {
  expect(await collect(app.users.chatWithUsers([]))).toEqual([]);
});

test("an invalid request ends the call; users created before remain", async () => {
  const received: string[] = [];
  const requests = [person("ada"), { ...person("grace"), email: "nowhere" }, person("barbara")];
  const chat = async () => {
    for await (const { name } of app.users.chatWithUsers(requests)) received.push(name);
  };
  const failure = await failureOf(chat());
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(["email"]);
  expect(received).toEqual(["ada"]);
  expect(await names()).toEqual(["ada"]);
});

test("a taken email ends the call", async () => {
  const failure = await failureOf(app.users.chatWithUsers([person("ada"), person("ada")]));
  expect(failure.code).toBe("ALREADY_EXISTS");
});

test("the caller may cancel during the call", async () => {
  for await (const { name } of app.users.chatWithUsers([person("ada"), person("grace")])) {
    expect(name).toBe("ada");
    break;
  }
  await expect(app.users.createUser(person("barbara"))).resolves.toBeDefined();
});

test("refuses a call without a token", async () => {
  const failure = await failureOf(app.anonymous.chatWithUsers([person("ada")]));
  expect(failure.code).toBe("UNAUTHENTICATED");
  expect(await names()).toEqual([]);
});

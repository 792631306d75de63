import { failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { UserStatus } from "../../../src/gen/user_pb.ts";
import { userMessages } from "../../../src/users/messages.ts";
import { noCall, person, useUserTestApp } from "./user-test-app.ts";

const app = useUserTestApp();
const korean = useUserTestApp(() => ({ messages: userMessages.ko }));

test("creates active users with increasing ids, in any script", async () => {
  const { user, message } = await app.users.createUser(person("홍길동"));
  expect(user).toMatchObject({ ...person("홍길동"), id: 1, status: UserStatus.ACTIVE });
  expect(message).toBe("The user was created");
  expect((await app.users.createUser(person("김철수"))).user?.id).toBe(2);
});

test("assigns distinct ids to concurrent calls", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `user${index}`);
  const replies = await Promise.all(names.map((name) => app.users.createUser(person(name))));
  expect(new Set(replies.map(({ user }) => user?.id)).size).toBe(50);
});

test.each([
  [{ name: "" }, ["name"]],
  [{ email: "" }, ["email"]],
  [{ email: "nowhere" }, ["email"]],
  [{ age: -1 }, ["age"]],
  [{ name: "", email: "nowhere", age: -1 }, ["name", "email", "age"]],
])("refuses %j and names the fields", async (bad, fields) => {
  const failure = await failureOf(app.users.createUser({ ...person("ada"), ...bad }));
  expect(failure.code).toBe("INVALID_ARGUMENT");
  expect(invalidFields(failure)).toEqual(fields);
});

test("refuses a taken email", async () => {
  await app.users.createUser(person("ada"));
  const again = { ...person("grace"), email: "ADA@example.com" };
  await expect(app.users.createUser(again)).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
});

test("creates no user without a token", async () => {
  const call = app.anonymous.createUser(person("ada"));
  await expect(call).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  expect((await app.store.list({ offset: 0, limit: 1 }, noCall)).total).toBe(0);
});

test("replies in the configured language", async () => {
  const { message } = await korean.users.createUser(person("홍길동"));
  expect(message).toBe("사용자가 성공적으로 생성되었습니다");
});

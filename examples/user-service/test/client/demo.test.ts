import { expect, test } from "vitest";
import { demonstrate } from "../../src/client/demo.ts";
import { UserServiceClient } from "../../src/gen/user_client.ts";
import { startApp } from "../start-app.ts";

test("the demonstration calls every pattern and can be repeated", async () => {
  const app = await startApp();
  const users = app.client(UserServiceClient);
  const lines: string[] = [];
  await demonstrate(users, (line) => lines.push(line), "first");
  expect(lines).toEqual([
    "CreateUser (unary)",
    "  The user was created: #1 홍길동 <hong.first@example.com> ACTIVE, likes 독서 and 등산",
    "CreateUser with a bad email (unary, refused)",
    "  [INVALID_ARGUMENT] email: must be an email address",
    "GetUser (unary)",
    "  #1 홍길동 <hong.first@example.com> ACTIVE, likes 독서 and 등산",
    "CreateBatchUsers (client streaming)",
    "  3 users created",
    "ChatWithUsers (bidirectional streaming)",
    "  #5 김철수 <kim.first@example.com> ACTIVE",
    "  #6 Edsger <edsger.first@example.com> ACTIVE",
    "ListUsers (unary)",
    "  3 of 6: 홍길동, Ada, Grace",
    "StreamUsers (server streaming)",
    "  #1 홍길동 <hong.first@example.com> ACTIVE, likes 독서 and 등산",
    "  #2 Ada <Ada.first@example.com> ACTIVE",
    "  #3 Grace <Grace.first@example.com> ACTIVE",
    "  6 users in all",
  ]);
  await demonstrate(users, () => {}, "second");
  await app.close();
});

test("the demonstration fails when a call does", async () => {
  const app = await startApp();
  const users = app.client(UserServiceClient, app.anonymous);
  await expect(demonstrate(users, () => {}, "x")).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
  await app.close();
});

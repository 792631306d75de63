import { expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { UserServiceClient } from "../src/gen/user_grpc.ts";
import { createPlainServer } from "../src/plain-server.ts";
import { startTestApp } from "./support.ts";

test.each([
  ["AppServer", createApp],
  ["the plain grpc.Server", createPlainServer],
])("%s lets a running call finish and takes no other", async (_name, create) => {
  const app = await startTestApp({ create, config: { shutdownGraceMs: 10_000 } });
  const users = new UserServiceClient(app.channel, app.options);
  let answered = (): void => {};
  const answer = new Promise<void>((resolve) => {
    answered = resolve;
  });
  let stopped: Promise<void> | undefined;
  async function* requests() {
    yield { name: "Ada", email: "ada@example.com" };
    await answer;
    stopped = app.stop();
    await expect(users.getUser({ id: 1 })).rejects.toMatchObject({ code: "UNAVAILABLE" });
    yield { name: "Grace", email: "grace@example.com" };
  }

  const names: string[] = [];
  for await (const { name } of users.chatWithUsers(requests())) {
    names.push(name);
    answered();
  }
  expect(names).toEqual(["Ada", "Grace"]);
  await stopped;
  await app.close();
});

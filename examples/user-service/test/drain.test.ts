import { startTestApp } from "grpc-service/testing";
import { expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { loadConfig } from "../src/config.ts";
import { createDependencies } from "../src/dependencies.ts";
import { UserServiceClient } from "../src/gen/user_client.ts";
import { createPlainServer } from "../src/plain-server.ts";

test.each([
  ["AppServer", createApp],
  ["the plain grpc.Server", createPlainServer],
])("%s lets a running call finish and refuses new ones", async (_name, create) => {
  const program = { loadConfig, createDependencies, createApp: create };
  const app = await startTestApp(program, { config: { shutdownGraceMs: 10_000 } });
  const users = app.client(UserServiceClient);
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

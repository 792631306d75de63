import { expect, test } from "vitest";
import { demonstrate } from "../../src/client/demo.ts";
import { ChatServiceClient } from "../../src/gen/chat_client.ts";
import { startApp } from "../start-app.ts";

test("the demonstration reads every stream to its end", async () => {
  const app = await startApp({ subject: "demo" });
  const lines: string[] = [];
  await demonstrate(app.client(ChatServiceClient), (line) => lines.push(line), "demo");
  expect(lines).toEqual([
    "Without a room: an echo",
    "  hello",
    "  안녕하세요",
    "Reader joins a room, and writes",
    "  * nobody else is here",
    "  demo: hello",
    "Writer joins, writes two messages, half-closes, and reads to the end",
    "  * nobody else is here",
    "  demo: hello",
    "  demo: first",
    "  demo: 둘째",
    "Reader gets both, half-closes, and reads to the end",
    "  demo: first",
    "  demo: 둘째",
    "Somebody joins again, with the id of the hello",
    "  * nobody else is here",
    "  demo: first",
    "  demo: 둘째",
  ]);
  await app.close();
});

test("the demonstration fails when a call does", async () => {
  const app = await startApp();
  const chat = app.client(ChatServiceClient, app.anonymous);
  await expect(demonstrate(chat, () => {}, "demo")).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
  await app.close();
});

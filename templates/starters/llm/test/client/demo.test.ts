import { expect, test } from "vitest";
import { demonstrate } from "../../src/client/demo.ts";
import { LLMServiceClient } from "../../src/gen/llm_client.ts";
import { startApp } from "../start-app.ts";

test("the demonstration writes tokens as they come, and can be repeated", async () => {
  const app = await startApp({ variables: { LOCAL_MODEL_TOKENS_PER_SECOND: "10000" } });
  const llm = app.client(LLMServiceClient);
  const pieces: string[] = [];
  await demonstrate(llm, (text) => pieces.push(text));
  expect(pieces.length).toBeGreaterThan(40);
  const output = pieces.join("");
  expect(output).toMatch(/^Generate\n {2}\w/);
  expect(output).toMatch(/\n {2}\(12 tokens, the first after \d+ ms, then \d+ tokens\/s\)\n/);
  expect(output).toContain("\n  [INVALID_ARGUMENT] prompt: must not be empty\n");
  expect(output.endsWith("\n")).toBe(true);
  await demonstrate(llm, () => {});
  await expect.poll(() => app.dependencies.slots.runningCount).toBe(0);
  await app.close();
});

test("the demonstration fails when a call does", async () => {
  const app = await startApp();
  const llm = app.client(LLMServiceClient, app.anonymous);
  await expect(demonstrate(llm, () => {})).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await app.close();
});

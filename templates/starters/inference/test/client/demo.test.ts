import { expect, test } from "vitest";
import { demonstrate } from "../../src/client/demo.ts";
import { InferenceServiceClient } from "../../src/gen/inference_client.ts";
import { startApp } from "../start-app.ts";

test("the demonstration calls every RPC, prints tokens as they come, and can be repeated", async () => {
  const app = await startApp();
  const client = app.client(InferenceServiceClient);
  const run = async () => {
    const pieces: string[] = [];
    await demonstrate(client, (text) => pieces.push(text));
    return pieces;
  };
  const pieces = await run();
  expect(pieces).toEqual(expect.arrayContaining(["to", " be", " or", " not", " to"]));
  const output = pieces.join("");
  expect(output).toMatch(/ {2}question 0\.\d\d, answer 0\.\d\d \(model [0-9a-f]{12}\)\n/);
  expect(output).toContain("  question, answer, question, answer\n");
  expect(output).toContain("  frame 2: 640 bytes, silence\n");
  expect(await run()).toEqual(pieces);
  await app.close();
});

test("the demonstration goes on with the model of a server that takes no other", async () => {
  const app = await startApp({ variables: { MODEL_UPLOADS: "off" } });
  const pieces: string[] = [];
  await demonstrate(app.client(InferenceServiceClient), (text) => pieces.push(text));
  expect(pieces.join("")).toContain("  [PERMISSION_DENIED] ");
  expect(pieces.join("")).toContain("(model built-in)\n");
  await app.close();
});

test("the demonstration fails when a call does", async () => {
  const app = await startApp();
  const client = app.client(InferenceServiceClient, app.anonymous);
  await expect(demonstrate(client, () => {})).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await app.close();
});

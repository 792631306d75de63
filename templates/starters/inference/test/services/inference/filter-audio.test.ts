import { collect, failureOf, invalidFields } from "grpc-service/testing";
import { expect, test } from "vitest";
import { tone } from "../../../src/client/tone.ts";
import { startInference } from "./inference-test-app.ts";

test("sound comes back byte by byte, and noise as silence", async () => {
  const { client } = await startInference();
  const frames = [tone(0.5), tone(0.001), tone(1)];
  const answers = await collect(
    client.filterAudio(frames.map((samples, index) => ({ samples, sequence: BigInt(index) }))),
  );
  expect(answers.map(({ sequence }) => sequence)).toEqual([0n, 1n, 2n]);
  expect(Buffer.from(answers[0]?.samples ?? [])).toEqual(Buffer.from(tone(0.5)));
  expect(answers[1]?.samples.every((byte) => byte === 0)).toBe(true);
  expect(answers[1]?.samples).toHaveLength(640);
  expect(Buffer.from(answers[2]?.samples ?? [])).toEqual(Buffer.from(tone(1)));
});

test("each frame is answered before the next is sent", async () => {
  const { client } = await startInference();
  let next = (): void => {};
  async function* frames() {
    for (let sequence = 1n; sequence <= 3n; sequence += 1n) {
      const answered = new Promise<void>((resolve) => {
        next = resolve;
      });
      yield { samples: tone(0.5), sequence };
      await answered;
    }
  }
  const order: bigint[] = [];
  for await (const { sequence } of client.filterAudio(frames())) {
    order.push(sequence);
    next();
  }
  expect(order).toEqual([1n, 2n, 3n]);
});

test("200 frames, sent without waiting, come back in their order", async () => {
  const { client } = await startInference();
  const samples = tone(0.5);
  const frames = Array.from({ length: 200 }, (_, index) => ({
    samples,
    sequence: BigInt(index),
  }));
  const answers = await collect(client.filterAudio(frames));
  expect(answers.map(({ sequence }) => Number(sequence))).toEqual([...answers.keys()]);
  expect(answers).toHaveLength(200);
});

test.each([3, 96_002])("refuses a frame of %i bytes", async (bytes) => {
  const { client } = await startInference();
  const failure = await failureOf(client.filterAudio([{ samples: new Uint8Array(bytes) }]));
  expect([failure.code, invalidFields(failure)]).toEqual(["INVALID_ARGUMENT", ["samples"]]);
});

test("an empty frame is silent", async () => {
  const { client } = await startInference();
  expect(await collect(client.filterAudio([{}]))).toMatchObject([{ samples: new Uint8Array() }]);
});

test("refuses a call without a token", async () => {
  const { anonymous } = await startInference();
  expect((await failureOf(anonymous.filterAudio([{}]))).code).toBe("UNAUTHENTICATED");
});

// Callers of the llm starter: many streams at once, over a few connections.
import { createChannel, metadata } from "grpc-service/client";
import { LLMServiceClient } from "../dist/gen/llm_client.js";
import { control } from "./control.mjs";

const streamsPerConnection = 50;

/** As many streams at once; each goes on until it has `maxTokens`. */
async function generate({ port, token, streams, maxTokens }) {
  const options = {
    interceptors: [metadata({ values: { authorization: `Bearer ${token}` } })],
    streamTimeoutMs: 120_000,
  };
  const channelOptions = { "grpc.use_local_subchannel_pool": 1 };
  const channels = Array.from({ length: Math.ceil(streams / streamsPerConnection) }, () =>
    createChannel(`127.0.0.1:${port}`, { channelOptions }),
  );
  const results = await Promise.all(
    Array.from({ length: streams }, (_, index) => {
      const llm = new LLMServiceClient(channels[index % channels.length], options);
      return one(llm, `prompt ${index}`, maxTokens);
    }),
  );
  for (const channel of channels) channel.close();
  return {
    firstMs: quantiles(results.map(({ firstMs }) => firstMs)),
    gapMs: quantiles(results.flatMap(({ gaps }) => gaps)),
    rate: quantiles(results.map(({ rate }) => rate)),
    tokens: results.reduce((sum, { gaps }) => sum + gaps.length + 1, 0),
  };
}

/** Calls again and again: the local model ends with a sentence. */
async function one(llm, prompt, maxTokens) {
  const startMs = performance.now();
  const arrivals = [];
  const gaps = [];
  for (let round = 0; arrivals.length < maxTokens; round += 1) {
    let previousMs;
    const request = { prompt: `${prompt} ${round}`, maxTokens: maxTokens - arrivals.length };
    for await (const { isFinished } of llm.generate(request)) {
      if (isFinished) break;
      const nowMs = performance.now();
      if (previousMs !== undefined) gaps.push(nowMs - previousMs);
      previousMs = nowMs;
      arrivals.push(nowMs);
    }
  }
  const durationMs = arrivals.at(-1) - startMs;
  return { firstMs: arrivals[0] - startMs, gaps, rate: (arrivals.length * 1000) / durationMs };
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { min: sorted[0], median: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}

control(null, { generate });

import { GrpcError } from "grpc-service";
import type { LLMServiceClient } from "../gen/llm_client.ts";

/** Called with each piece of the output: tokens are printed as they come. */
export type Write = (text: string) => void;

/**
 * Generates in two languages, is refused, and leaves a generation early.
 *
 * @throws GrpcError of the first call with an unexpected result
 */
export async function demonstrate(llm: LLMServiceClient, write: Write): Promise<void> {
  write("Generate\n  ");
  await generate(llm, "How does a stream of tokens work?", write);
  write("Generate in Korean, at most 12 tokens\n  ");
  await generate(llm, "토큰은 어떻게 전송됩니까?", write, 12);
  write("Generate without a prompt (refused)\n");
  await refused(llm, write);
  write("Generate, and leave after 5 tokens\n  ");
  await leave(llm, write);
}

async function generate(llm: LLMServiceClient, prompt: string, write: Write, maxTokens = 0) {
  const startMs = performance.now();
  let firstMs = 0;
  let count = 0;
  for await (const { token, isFinished } of llm.generate({ prompt, maxTokens })) {
    if (isFinished) break;
    if (count === 0) firstMs = performance.now();
    count += 1;
    write(token);
  }
  const rate = ((count - 1) * 1000) / (performance.now() - firstMs);
  const waited = Math.round(firstMs - startMs);
  write(`\n  (${count} tokens, the first after ${waited} ms, then ${Math.round(rate)} tokens/s)\n`);
}

async function refused(llm: LLMServiceClient, write: Write): Promise<void> {
  try {
    for await (const { token } of llm.generate({})) throw new Error(`it said "${token}"`);
  } catch (error) {
    const { code, rawMessage } = GrpcError.from(error);
    if (code !== "INVALID_ARGUMENT") throw error;
    write(`  [${code}] ${rawMessage}\n`);
  }
}

async function leave(llm: LLMServiceClient, write: Write): Promise<void> {
  let count = 0;
  for await (const { token } of llm.generate({ prompt: "Go on for ever.", maxTokens: 4096 })) {
    write(token);
    count += 1;
    if (count === 5) break;
  }
  write("\n");
}

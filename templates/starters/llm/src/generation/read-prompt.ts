import { requireValid } from "grpc-service/error-details";
import type { GenerateRequest } from "../gen/llm_pb.ts";
import type { Prompt } from "../model/model.ts";

const maxPromptLength = 32_768;
const defaultMaxTokens = 256;
const maxMaxTokens = 4_096;

/** Checks a request. @throws GrpcError INVALID_ARGUMENT that names each field that is wrong */
export function readPrompt({ prompt, maxTokens }: GenerateRequest): Prompt {
  requireValid({
    prompt:
      (prompt.trim() === "" && "must not be empty") ||
      prompt.length <= maxPromptLength ||
      `must have at most ${maxPromptLength} characters`,
    max_tokens:
      (maxTokens >= 0 && maxTokens <= maxMaxTokens) ||
      `must be from 0 to ${maxMaxTokens}, not ${maxTokens}`,
  });
  return { text: prompt, maxTokens: maxTokens || defaultMaxTokens };
}

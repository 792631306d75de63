import { createHash } from "node:crypto";
import { GrpcError } from "grpc-service";
import type { InferenceServiceClient } from "../gen/inference_client.ts";
import type { ClassifyResponse } from "../gen/inference_pb.ts";
import { tone } from "./tone.ts";

/** Called with each piece of the output: tokens are printed as they come. */
export type Write = (text: string) => void;

/** A model for the upload. */
const model = {
  labels: ["question", "answer"],
  words: {
    how: [2, -2],
    why: [2, -2],
    왜: [2, -2],
    because: [-2, 2],
    so: [-1, 1],
    그래서: [-2, 2],
  },
};

/** A model of this size would do with one chunk. Others have chunks of 1 MiB. */
const chunkBytes = 64;

/**
 * Calls every RPC of the service.
 *
 * @throws GrpcError of the first call with an unexpected result
 */
export async function demonstrate(inference: InferenceServiceClient, write: Write): Promise<void> {
  write("UploadModel (client streaming)\n");
  write(`  ${await upload(inference)}\n`);

  write("Classify (unary)\n");
  write(`  ${describe(await inference.classify({ text: "How does it work?" }))}\n`);

  write("ClassifyBatch (client streaming)\n");
  const texts = ["Why?", "Because", "왜?", "그래서"].map((text) => ({ text }));
  const { results } = await inference.classifyBatch(texts);
  write(`  ${results.map(({ labels }) => labels[0]?.name).join(", ")}\n`);

  write("Generate (server streaming)\n  ");
  for await (const { token } of inference.generate({ prompt: "to be or not", maxTokens: 10 })) {
    write(token);
  }
  write("\n");

  write("FilterAudio (bidirectional streaming)\n");
  for await (const { samples, sequence } of inference.filterAudio(frames())) {
    const isSilent = samples.every((byte) => byte === 0);
    write(`  frame ${sequence}: ${samples.length} bytes, ${isSilent ? "silence" : "sound"}\n`);
  }
}

/** Uploads the model, unless the server takes none. */
async function upload(inference: InferenceServiceClient): Promise<string> {
  try {
    const chunks = chunksOf(Buffer.from(JSON.stringify(model)));
    const { totalSize, modelVersion } = await inference.uploadModel(chunks);
    return `${totalSize} bytes, version ${modelVersion}`;
  } catch (error) {
    const { code, rawMessage } = GrpcError.from(error);
    if (code !== "PERMISSION_DENIED") throw error;
    return `[${code}] ${rawMessage}`;
  }
}

function describe({ labels, modelVersion }: ClassifyResponse): string {
  const shown = labels.map(({ name, probability }) => `${name} ${probability.toFixed(2)}`);
  return `${shown.join(", ")} (model ${modelVersion})`;
}

function* frames() {
  yield { samples: tone(0.5), sequence: 1n };
  yield { samples: tone(0.001), sequence: 2n };
  yield { samples: tone(0.5), sequence: 3n };
}

function* chunksOf(bytes: Uint8Array) {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    yield { sha256, chunk: bytes.subarray(start, start + chunkBytes) };
  }
}

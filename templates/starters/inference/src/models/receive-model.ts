import { createHash } from "node:crypto";
import { GrpcError } from "grpc-service";
import { requireValid } from "grpc-service/error-details";
import type { UploadModelRequest } from "../gen/inference_pb.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import type { LoadedModel } from "./model-slot.ts";
import { readWeights } from "./read-weights.ts";

const maxModelBytes = 16 * 1024 * 1024;

/**
 * Reads a model from its chunks, and checks it against the checksum of the first one.
 *
 * @throws GrpcError INVALID_ARGUMENT for a wrong checksum or a model that makes no sense, RESOURCE_EXHAUSTED for one
 * that is too large
 */
export async function receiveModel(
  requests: AsyncIterable<UploadModelRequest>,
): Promise<LoadedModel & { readonly size: number }> {
  const hash = createHash("sha256");
  const model = new GrowingBytes();
  let expected: string | undefined;
  for await (const { sha256, chunk } of requests) {
    expected ??= checked(sha256);
    if (model.size + chunk.length > maxModelBytes) {
      throw new GrpcError("RESOURCE_EXHAUSTED", `a model has at most ${maxModelBytes} bytes`);
    }
    hash.update(chunk);
    model.add(chunk);
  }
  const sha256 = hash.digest("hex");
  requireValid({ sha256: sha256 === expected || "must be that of all chunks together" });
  return { version: sha256.slice(0, 12), weights: weightsOf(model.bytes()), size: model.size };
}

function checked(sha256: string): string {
  requireValid({ sha256: /^[0-9a-f]{64}$/i.test(sha256) || "must be 64 hexadecimal digits" });
  return sha256.toLowerCase();
}

function weightsOf(bytes: Uint8Array): LoadedModel["weights"] {
  try {
    return readWeights(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    requireValid({ chunk: error.message });
    throw error;
  }
}

import { GrpcError } from "grpc-service";
import { callerKey } from "grpc-service/interceptors";
import type { Dependencies } from "../../dependencies.ts";
import type { InferenceServiceHandlers } from "../../gen/inference_grpc.ts";
import { receiveModel } from "../../models/receive-model.ts";

/** Replaces the model when all of the new one has come. A call that ends early changes nothing. */
export function uploadModel({
  models,
  uploads,
  inference,
  logger,
}: Dependencies): InferenceServiceHandlers["uploadModel"] {
  return async (requests, context) => {
    if (!inference.uploads) {
      throw new GrpcError("PERMISSION_DENIED", "this server takes no models (MODEL_UPLOADS)");
    }
    // Few at a time: each takes memory until it is complete.
    const leave = await uploads.take(callerKey(context), context.signal);
    try {
      const { size, ...model } = await receiveModel(requests);
      models.replace(model);
      logger.info({ modelVersion: model.version, bytes: size }, "the model was replaced");
      return { modelVersion: model.version, totalSize: BigInt(size) };
    } finally {
      leave();
    }
  };
}

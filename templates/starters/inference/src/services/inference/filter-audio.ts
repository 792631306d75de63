import { requireValid } from "grpc-service/error-details";
import { gateNoise } from "../../audio/noise-gate.ts";
import type { Dependencies } from "../../dependencies.ts";
import type { InferenceServiceHandlers } from "../../gen/inference_grpc.ts";

/** One second of 48 kHz. */
const maxFrameBytes = 96_000;

/** Answers each frame before it reads the next. Both directions are open until the caller has no more frames. */
export function filterAudio(_dependencies: Dependencies): InferenceServiceHandlers["filterAudio"] {
  return async function* (frames) {
    for await (const { samples, sequence } of frames) {
      requireValid({
        samples:
          (samples.length % 2 === 0 && samples.length <= maxFrameBytes) ||
          `must be up to ${maxFrameBytes} bytes, two for each sample`,
      });
      yield { samples: gateNoise(samples), sequence };
    }
  };
}

/** Loudness up to which a frame is noise: the root of the mean square of samples from -1 to 1. */
const noiseLevel = 0.02;

const sampleBytes = 2;

/**
 * A toy in the place of your model: a frame that is not louder than noise becomes silence, any other is returned as
 * it is. Samples have 16 bits, signed, little-endian.
 */
export function gateNoise(samples: Uint8Array): Uint8Array {
  return loudness(samples) > noiseLevel ? samples : new Uint8Array(samples.length);
}

/** From 0 (silence) to 1. */
export function loudness(samples: Uint8Array): number {
  const view = new DataView(samples.buffer, samples.byteOffset, samples.byteLength);
  const count = samples.byteLength / sampleBytes;
  if (count === 0) return 0;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const sample = view.getInt16(index * sampleBytes, true) / 32_768;
    sum += sample * sample;
  }
  return Math.sqrt(sum / count);
}

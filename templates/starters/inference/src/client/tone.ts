const sampleRate = 16_000;
const durationMs = 20;
const frequency = 440;

/**
 * 20 ms of a tone: 16 kHz, 16 bits, little-endian.
 *
 * @param amplitude from 0 to 1
 */
export function tone(amplitude: number): Uint8Array {
  const count = (sampleRate * durationMs) / 1_000;
  const samples = Buffer.alloc(count * 2);
  for (let index = 0; index < count; index += 1) {
    const phase = (2 * Math.PI * frequency * index) / sampleRate;
    samples.writeInt16LE(Math.round(amplitude * 32_767 * Math.sin(phase)), index * 2);
  }
  return samples;
}

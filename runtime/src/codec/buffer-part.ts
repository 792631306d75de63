type BufferClass = new (memory: ArrayBufferLike, start: number, length: number) => Buffer;

const Species: unknown = Reflect.get(Buffer, Symbol.species);

/** A `Buffer` of some bytes of `memory`: like `subarray`, in half the time. */
export const bufferPart: (memory: ArrayBufferLike, start: number, length: number) => Buffer =
  isBufferClass(Species)
    ? (memory, start, length) => new Species(memory, start, length)
    : (memory, start, length) => Buffer.from(memory, start, length);

/** Node documents the property only as a part of the language. */
function isBufferClass(value: unknown): value is BufferClass {
  if (typeof value !== "function") return false;
  try {
    const part: unknown = Reflect.construct(value, [new ArrayBuffer(4), 1, 2]);
    return Buffer.isBuffer(part) && part.length === 2 && part.byteOffset === 1;
  } catch {
    return false;
  }
}

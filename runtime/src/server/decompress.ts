import { promisify } from "node:util";
import { gunzip, inflate, type ZlibOptions } from "node:zlib";
import { GrpcError } from "../error.ts";

/** How the requests of a call may be compressed, by its `grpc-encoding`. */
export type RequestEncoding = "gzip" | "deflate";

const decompressors: Record<
  RequestEncoding,
  (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>
> = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/**
 * Decompresses a request.
 *
 * @param maxBytes size of the result; -1 means no limit
 * @throws GrpcError RESOURCE_EXHAUSTED when the result is too large, INTERNAL when it is not compressed
 *   in this way.
 */
export async function decompress(
  bytes: Buffer,
  encoding: RequestEncoding,
  maxBytes: number,
): Promise<Buffer> {
  try {
    const limit = maxBytes === -1 ? {} : { maxOutputLength: Math.max(1, maxBytes) };
    const message = await decompressors[encoding](bytes, limit);
    if (maxBytes === -1 || message.length <= maxBytes) return message;
  } catch (cause) {
    if (!isTooLarge(cause)) {
      throw new GrpcError("INTERNAL", "a request cannot be decompressed", { cause });
    }
  }
  const text = `a request is larger than allowed: it decompresses to more than ${maxBytes} bytes`;
  throw new GrpcError("RESOURCE_EXHAUSTED", text);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

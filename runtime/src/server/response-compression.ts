import type { IncomingHttpHeaders } from "node:http2";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { MethodInfo } from "../method.ts";

const compress = promisify(gzip);

/** Options of the compression of responses. */
export interface CompressionOptions {
  /** Size in bytes from which a response is compressed. Default: 1024. */
  readonly minBytes?: number;
  /** Decides once per method. Default: all methods. */
  readonly where?: (method: MethodInfo) => boolean;
}

/**
 * Responses that are compressed at a time. Further ones are sent as they are, which the protocol allows
 * for each message: compression must not become a queue.
 */
const mostAtATime = 8;

/**
 * Compresses large responses with gzip for callers that accept it (gRPC's "Compression"). It runs in
 * Node's thread pool, one response of a call at a time.
 *
 * Do not compress what has a secret beside a text that the caller chose: the size tells about the secret
 * (CVE-2013-3587).
 */
export class ResponseCompression {
  readonly #minBytes: number;
  readonly #where: (method: MethodInfo) => boolean;
  #running = 0;

  constructor({ minBytes = 1024, where = () => true }: CompressionOptions) {
    this.#minBytes = minBytes;
    this.#where = where;
  }

  /** Whether the responses of a call may be compressed. */
  appliesTo(headers: IncomingHttpHeaders, method: MethodInfo): boolean {
    const accepted = headers["grpc-accept-encoding"];
    if (typeof accepted !== "string") return false;
    return accepted.split(",").some((each) => each.trim() === "gzip") && this.#where(method);
  }

  /** The compressed message; undefined if it is to be sent as it is. */
  compressed(message: Buffer): Promise<Buffer | undefined> | undefined {
    if (message.length < this.#minBytes || this.#running >= mostAtATime) return undefined;
    return this.#compress(message);
  }

  async #compress(message: Buffer): Promise<Buffer | undefined> {
    this.#running += 1;
    try {
      const smaller = await compress(message);
      return smaller.length < message.length ? smaller : undefined;
    } catch {
      // Out of memory: the message itself is there.
      return undefined;
    } finally {
      this.#running -= 1;
    }
  }
}

import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { cleanUp, raise } from "./echo.ts";

/** The response to a call by bare HTTP/2. */
export interface RawOutcome {
  readonly headers: IncomingHttpHeaders;
  /** Those of the last block, or the headers when there is only one. */
  readonly trailers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Every `grpc-status` that was received. */
  readonly statuses: readonly unknown[];
}

export interface RawCall {
  readonly session: ClientHttp2Session;
  readonly outcome: Promise<RawOutcome>;
  /** Resolves with the response headers. */
  readonly headers: Promise<IncomingHttpHeaders>;
  send(...messages: Uint8Array[]): void;
  /** Sends bytes as they are. */
  raw(bytes: Uint8Array): void;
  end(): void;
  /** Bytes to be sent that still wait here. */
  readonly pending: number;
  /** RST_STREAM with CANCEL. */
  cancel(): void;
}

export interface RawOptions {
  readonly headers?: Record<string, string | string[]>;
  /** False: never read a response body. */
  readonly read?: boolean;
}

/** A caller that does what no client library would. */
export function rawCall(port: number, path: string, options: RawOptions = {}): RawCall {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  cleanUp(() => session.destroy());
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...options.headers,
  });
  stream.on("error", () => {});
  const headers = new Promise<IncomingHttpHeaders>((resolve) => stream.once("response", resolve));
  const outcome = new Promise<RawOutcome>((resolve) => {
    let first: IncomingHttpHeaders = {};
    let last: IncomingHttpHeaders | undefined;
    const chunks: Buffer[] = [];
    const statuses: unknown[] = [];
    stream.on("response", (received) => {
      first = received;
      if ("grpc-status" in received) statuses.push(received["grpc-status"]);
    });
    stream.on("trailers", (received) => {
      last = received;
      if ("grpc-status" in received) statuses.push(received["grpc-status"]);
    });
    if (options.read !== false) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("close", () =>
      resolve({ headers: first, trailers: last ?? first, body: Buffer.concat(chunks), statuses }),
    );
  });
  return {
    session,
    outcome,
    headers,
    send: (...messages) => {
      for (const message of messages) stream.write(frame(message));
    },
    raw: (bytes) => void stream.write(bytes),
    end: () => void stream.end(),
    get pending() {
      return stream.writableLength;
    },
    cancel: () => stream.close(8),
  };
}

/** A message with its five bytes of prefix. */
export function frame(message: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Number of the messages in a body. */
export function countFrames(body: Buffer): number {
  let count = 0;
  for (let offset = 0; offset < body.length; count += 1) {
    if (offset + 5 > body.length) raise("incomplete prefix");
    offset += 5 + body.readUInt32BE(offset + 1);
  }
  return count;
}

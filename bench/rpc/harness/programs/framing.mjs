// gRPC over HTTP/2 by hand.

/** A message with its length in front. */
export function frame(bytes) {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([header, bytes]);
}

/** Calls back for each message in the chunks of a body, with its bytes if they are wanted. */
export class Unframer {
  #rest = Buffer.alloc(0);
  #onMessage;

  constructor(onMessage) {
    this.#onMessage = onMessage;
  }

  push(chunk) {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 5) {
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      this.#onMessage(bytes, at + 5, end);
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Many copies of a message in pieces that HTTP/2 can swallow. */
export function* pieces(framed, count) {
  const most = Math.max(1, Math.floor(16_384 / framed.length));
  const full = Buffer.concat(Array.from({ length: most }, () => framed));
  for (let left = count; left > 0; left -= most) {
    yield left >= most ? full : full.subarray(0, left * framed.length);
  }
}

/** Writes as fast as the other side takes it, then ends. */
export function writeAll(stream, chunks) {
  const iterator = chunks[Symbol.iterator]();
  const write = () => {
    for (;;) {
      if (stream.destroyed) return;
      const { done, value } = iterator.next();
      if (done) return void stream.end();
      if (!stream.write(value)) return void stream.once("drain", write);
    }
  };
  write();
}

export const requestHeaders = (path) => ({
  ":method": "POST",
  ":path": path,
  "content-type": "application/grpc",
  te: "trailers",
});

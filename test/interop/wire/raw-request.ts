import { type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";

export interface RawRequest {
  /** Beside those of every call; undefined leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Each is a write, and so a DATA frame, of its own. */
  readonly data?: readonly Buffer[];
  /** Sent after the data, as no client of gRPC does. */
  readonly trailers?: Readonly<Record<string, string>>;
  /** Do not end the request. */
  readonly open?: boolean;
}

export interface RawResponse {
  readonly headers: IncomingHttpHeaders;
  /** Undefined when the headers were also the end. */
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly body: Buffer;
}

/** One request by bare HTTP/2 on a connection of its own. Resolves at the end of its response. */
export async function rawRequest(
  port: number,
  path: string,
  request: RawRequest = {},
): Promise<RawResponse> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  try {
    const headers = {
      ":method": "POST",
      ":path": path,
      "content-type": "application/grpc",
      te: "trailers",
      ...request.headers,
    };
    const waitForTrailers = request.trailers !== undefined;
    const stream = session.request(headers, { endStream: false, waitForTrailers });
    stream.on("wantTrailers", () => stream.sendTrailers({ ...request.trailers }));
    const response = responseOn(stream);
    // One write at a time: together they would leave as one frame.
    for (const chunk of request.data ?? []) {
      await new Promise<void>((resolve) => stream.write(chunk, () => resolve()));
    }
    if (request.open !== true) stream.end();
    return await response;
  } finally {
    session.destroy();
  }
}

function responseOn(stream: ClientHttp2Stream): Promise<RawResponse> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  const chunks: Buffer[] = [];
  stream.on("error", () => {});
  stream.on("response", (received) => {
    headers = received;
  });
  stream.on("trailers", (received) => {
    trailers = received;
  });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => {
    const finish = (): void => resolve({ headers, trailers, body: Buffer.concat(chunks) });
    // A stream that is reset has no end.
    stream.on("end", finish).on("close", finish);
  });
}

/** The status of a response, wherever it came; undefined when it has none. */
export function statusOf({ headers, trailers = headers }: RawResponse): unknown {
  return trailers["grpc-status"];
}

/** A message with its prefix. */
export function framed(message: Uint8Array, flag = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(flag);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

import type { ClientHttp2Session, ClientHttp2Stream } from "node:http2";

/** What a call needs besides its connection. */
export interface CallHeaders {
  readonly token: string;
  readonly room: string;
}

/** Begins a call of Chat by bare HTTP/2, since what clients cost is not measured here. */
export function openCall(session: ClientHttp2Session, headers: CallHeaders): ClientHttp2Stream {
  const stream = session.request({
    ":method": "POST",
    ":path": "/chat.ChatService/Chat",
    "content-type": "application/grpc",
    te: "trailers",
    authorization: `Bearer ${headers.token}`,
    room: headers.room,
  });
  stream.on("error", () => {});
  return stream;
}

/** A ChatMessage with this content, of at most 127 bytes, in its frame. */
export function chatMessage(content: string): Buffer {
  const text = Buffer.from(content);
  const message = Buffer.concat([Buffer.of(0x0a, text.length), text]);
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  message.copy(frame, 5);
  return frame;
}

/** Calls `onMessage` with each message of a call, without its frame. */
export function readMessages(stream: ClientHttp2Stream, onMessage: (message: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= 5) {
      const end = 5 + bytes.readUInt32BE(1);
      if (bytes.length < end) break;
      onMessage(bytes.subarray(5, end));
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  });
}

/** The content of a ChatMessage, if it is its first field. */
export function contentOf(message: Buffer): string {
  if (message[0] !== 0x0a) return "";
  return message.toString("utf8", 2, 2 + (message[1] ?? 0));
}

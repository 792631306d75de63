import { createServer, type Socket } from "node:net";
import { cleanUp } from "../../support/echo.ts";

export const frameTypes = {
  DATA: 0,
  HEADERS: 1,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const END_STREAM = 1;
export const END_HEADERS = 4;
const ACK = 1;
const prefaceLength = 24;

export type Headers = readonly (readonly [name: string, value: string])[];

/** Writes HTTP/2 frames by hand, right or wrong. */
export class RawPeer {
  readonly socket: Socket;
  /** The stream that the last call came on. */
  stream = 0;

  constructor(socket: Socket) {
    this.socket = socket;
  }

  frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): void {
    const header = Buffer.alloc(9);
    header.writeUIntBE(payload.length, 0, 3);
    header.writeUInt8(type, 3);
    header.writeUInt8(flags, 4);
    header.writeUInt32BE(stream, 5);
    if (this.socket.writable) this.socket.write(Buffer.concat([header, payload]));
  }

  headers(headers: Headers, flags = 0): void {
    this.frame(frameTypes.HEADERS, END_HEADERS | flags, this.stream, hpack(headers));
  }

  /** What a gRPC response begins with. */
  begin(...more: Headers): void {
    this.headers([[":status", "200"], ["content-type", "application/grpc"], ...more]);
  }

  data(payload: Uint8Array, flags = 0): void {
    // The largest frame that every peer takes.
    for (let start = 0; start < payload.length - 16_384; start += 16_384) {
      this.frame(frameTypes.DATA, 0, this.stream, payload.subarray(start, start + 16_384));
    }
    const rest = payload.length === 0 ? 0 : Math.floor((payload.length - 1) / 16_384) * 16_384;
    this.frame(frameTypes.DATA, flags, this.stream, payload.subarray(rest));
  }

  message(bytes: Uint8Array, compressed = 0): void {
    const prefix = Buffer.alloc(5);
    prefix.writeUInt8(compressed, 0);
    prefix.writeUInt32BE(bytes.length, 1);
    this.data(Buffer.concat([prefix, bytes]));
  }

  end(status: string, ...more: Headers): void {
    this.headers([["grpc-status", status], ...more], END_STREAM);
  }

  reset(code: number): void {
    this.frame(frameTypes.RST_STREAM, 0, this.stream, uint32(code));
  }

  goAway(code: number, lastStream: number): void {
    const payload = Buffer.concat([uint32(lastStream), uint32(code)]);
    this.frame(frameTypes.GOAWAY, 0, 0, payload);
  }
}

/** What a server does with a connection, and with each call that arrives on it. */
export interface Behaviour {
  /** Instead of the settings that a server begins with. */
  readonly onConnection?: (peer: RawPeer) => void;
  readonly onCall?: (peer: RawPeer) => void;
}

/** Resolves with the port. */
export async function startRawServer({ onConnection, onCall }: Behaviour): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const peer = new RawPeer(socket);
    if (onConnection === undefined) peer.frame(frameTypes.SETTINGS, 0, 0);
    else onConnection(peer);
    readFrames(socket, (type, flags, stream) => {
      if (type === frameTypes.SETTINGS && (flags & ACK) === 0) {
        if (onConnection === undefined) peer.frame(frameTypes.SETTINGS, ACK, 0);
      } else if (type === frameTypes.HEADERS) {
        peer.stream = stream;
        onCall?.(peer);
      }
    });
  });
  cleanUp(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function readFrames(
  socket: Socket,
  onFrame: (type: number, flags: number, stream: number) => void,
): void {
  let pending = Buffer.alloc(0);
  let skip = prefaceLength;
  socket.on("data", (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    if (pending.length < skip) return;
    pending = pending.subarray(skip);
    skip = 0;
    while (pending.length >= 9 && pending.length >= 9 + pending.readUIntBE(0, 3)) {
      const frame = pending;
      pending = pending.subarray(9 + pending.readUIntBE(0, 3));
      onFrame(frame.readUInt8(3), frame.readUInt8(4), frame.readUInt32BE(5));
    }
  });
}

/** RFC 7541, 6.2.2: literal fields that are not indexed. */
export function hpack(headers: Headers): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of headers) {
    parts.push(Buffer.from([0]), text(name), text(value));
  }
  return Buffer.concat(parts);
}

/** RFC 7541, 5.1 and 5.2: a length with a prefix of seven bits, then the octets. */
function text(value: string): Buffer {
  const octets = Buffer.from(value, "latin1");
  if (octets.length < 127) return Buffer.concat([Buffer.from([octets.length]), octets]);
  const length = [127];
  let rest = octets.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), octets]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

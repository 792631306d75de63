import { createSocket } from "node:dgram";
import { once } from "node:events";
import { cleanUp } from "./echo.ts";

/** A DNS server on this machine that knows one name. */
export interface DnsServer {
  /** A target of grpc-js. It is resolved here if GRPC_NODE_USE_ALTERNATIVE_RESOLVER is true. */
  target(port: number): string;
  /** Replaces the IPv4 addresses of the name. Clients notice when they ask again. */
  set(addresses: readonly string[]): void;
}

const name = "servers.test";
const headerBytes = 12;
/** Limit of a DNS message over UDP. */
const maxBytes = 512;
const types = { a: 1 };

/** Listens until the test is over. It answers every query; there are no records but those of `set`. */
export async function startDnsServer(): Promise<DnsServer> {
  let addresses: readonly string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, { address, port }) => {
    const question = questionOf(query);
    if (question === undefined) return;
    const isOurs = question.name === name && question.type === types.a;
    socket.send(answer(query, question.end, isOurs ? addresses : []), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  cleanUp(() => void socket.close());
  const authority = `127.0.0.1:${socket.address().port}`;
  return {
    target: (port) => `dns://${authority}/${name}:${port}`,
    set(next) {
      addresses = next;
    },
  };
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Index of the byte after it. */
  readonly end: number;
}

/** The first question of a query (RFC 1035, 4.1.2), or undefined for something else. */
function questionOf(query: Buffer): Question | undefined {
  if (query.length > maxBytes) return undefined;
  const labels: string[] = [];
  let index = headerBytes;
  for (;;) {
    const length = query[index];
    // More than 63 would be a pointer, of which a question has none.
    if (length === undefined || length > 63) return undefined;
    index += 1;
    if (length === 0) break;
    labels.push(query.toString("latin1", index, index + length));
    index += length;
  }
  if (index + 4 > query.length) return undefined;
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(index), end: index + 4 };
}

/** A response without an error: the question and an A record of each address, valid for 0 seconds. */
function answer(query: Buffer, end: number, addresses: readonly string[]): Buffer {
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2); // the id
  header.writeUInt16BE(0x8180, 2); // a response; recursion was desired and is available
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) => {
    const record = Buffer.alloc(16);
    record.writeUInt16BE(0xc000 | headerBytes, 0); // the name of the question
    record.writeUInt16BE(types.a, 2);
    record.writeUInt16BE(1, 4); // class IN
    record.writeUInt32BE(0, 6);
    record.writeUInt16BE(4, 10);
    record.set(address.split(".").map(Number), 12);
    return record;
  });
  return Buffer.concat([header, query.subarray(headerBytes, end), ...records]);
}

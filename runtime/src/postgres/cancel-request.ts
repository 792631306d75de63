import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Client } from "pg";

/** Longest time for a cancel request, in milliseconds. */
const timeoutMs = 2_000;

/** Code numbers of the messages without a type in PostgreSQL's protocol, "Message Formats". */
const cancelCode = 80877102;
const sslCode = 80877103;

/**
 * Asks the database to end what a client is doing, on a connection of its own as the protocol wants it
 * (PostgreSQL, "Canceling Requests in Progress"). The database closes that connection once it has told
 * the other one: from then on, the request does not hit a later statement. Works through PgBouncer.
 *
 * Reads the private fields `processID` and `secretKey` of pg's `Client`. Without them: false.
 *
 * @returns whether the database has taken the request
 */
export async function requestCancel(client: Client): Promise<boolean> {
  const key = keyOf(client);
  if (key === undefined) return false;
  const plain = openSocket(client);
  const signal = AbortSignal.timeout(timeoutMs);
  plain.on("error", ignore);
  signal.addEventListener("abort", () => plain.destroy());
  try {
    await once(plain, "connect", { signal });
    const socket = await encrypted(plain, client, signal);
    const closed = once(socket, "close", { signal });
    socket.write(message(cancelCode, key.processId, key.secret));
    socket.resume();
    await closed;
    return true;
  } catch {
    return false;
  } finally {
    plain.destroy();
  }
}

function keyOf(client: Client): { processId: number; secret: number } | undefined {
  const processId: unknown = Reflect.get(client, "processID");
  const secret: unknown = Reflect.get(client, "secretKey");
  return typeof processId === "number" && typeof secret === "number"
    ? { processId, secret }
    : undefined;
}

function openSocket({ host, port }: Client): Socket {
  return host.startsWith("/") ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
}

/** The same encryption as that of the client: the key of its connection is a secret. */
async function encrypted(plain: Socket, client: Client, signal: AbortSignal): Promise<Socket> {
  const ssl: unknown = client.ssl;
  if (ssl === false || ssl === undefined) return plain;
  plain.write(message(sslCode));
  const [answer] = await once(plain, "data", { signal });
  if (String(answer) !== "S") throw new Error("the database does not encrypt");
  const options = typeof ssl === "object" ? ssl : {};
  const { host } = client;
  const servername = /^[\d.:]+$/.test(host) ? {} : { servername: host };
  const secure = connectTls({ ...options, ...servername, host, socket: plain });
  secure.on("error", ignore);
  await once(secure, "secureConnect", { signal });
  return secure;
}

function message(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  bytes.writeInt32BE(bytes.length, 0);
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(number, 4 + 4 * index);
  return bytes;
}

function ignore(): void {}

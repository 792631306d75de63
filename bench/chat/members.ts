import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { signToken } from "../../runtime/src/interceptors/auth/sign-token.ts";
import { chatMessage, contentOf, openCall, readMessages } from "./chat-call.ts";

/** What this process is to do. */
export interface Crowd {
  readonly address: string;
  readonly secret: string;
  readonly members: number;
  readonly stalled: number;
  readonly perSecond: number;
  readonly seconds: number;
}

/** What it has seen. */
export interface CrowdReport {
  /** Delays from sending to arrival, in milliseconds, in order; of all members and messages. */
  readonly delays: { readonly p50: number; readonly p99: number; readonly worst: number };
  readonly sent: number;
  /** Messages that did not arrive at a member that reads. */
  readonly lost: number;
  /** Calls of members that read, and that have ended. */
  readonly ended: number;
}

const callsPerConnection = 100;
const writers = 10;
const prefix = "message of the benchmark, sent at ";

/** A room full of members, in one process. Sends `joined`, waits for a message, and sends its report. */
async function run(crowd: Crowd): Promise<void> {
  const auth = {
    keys: { kind: "secret", secret: crowd.secret },
    issuer: "bench",
    audience: "bench",
    clockToleranceS: 5,
  } as const;
  const sessions: ClientHttp2Session[] = [];
  const delays: number[] = [];
  let arrived = 0;
  let ended = 0;

  async function join(index: number, reads: boolean): Promise<ClientHttp2Stream> {
    const shared = reads ? sessions.at(-1) : undefined;
    const session =
      shared === undefined || index % callsPerConnection === 0
        ? connect(`http://${crowd.address}`)
        : shared;
    if (session !== shared) {
      session.on("error", () => {});
      if (reads) sessions.push(session);
    }
    const token = await signToken(auth, `${reads ? "member" : "stalled"}-${index}`);
    const stream = openCall(session, { token, room: "hall" });
    if (!reads) return stream;
    readMessages(stream, (message) => {
      const content = contentOf(message);
      if (!content.startsWith(prefix)) return;
      arrived += 1;
      delays.push(
        performance.timeOrigin + performance.now() - Number(content.slice(prefix.length)),
      );
    });
    stream.on("close", () => {
      ended += 1;
    });
    await once(stream, "response");
    return stream;
  }

  const readers: ClientHttp2Stream[] = [];
  for (let index = 0; index < crowd.members; index += 1) readers.push(await join(index, true));
  for (let index = 0; index < crowd.stalled; index += 1) await join(index, false);
  process.send?.("joined");
  await once(process, "message");

  let sent = 0;
  const due = crowd.perSecond * crowd.seconds;
  const began = performance.now();
  while (sent < due) {
    const wanted = Math.min(
      due,
      Math.floor(((performance.now() - began) / 1000) * crowd.perSecond),
    );
    for (; sent < wanted; sent += 1) {
      const now = performance.timeOrigin + performance.now();
      readers[sent % writers]?.write(chatMessage(`${prefix}${now.toFixed(2)}`));
    }
    await delay(5);
  }
  const expected = sent * crowd.members;
  // Until all has arrived, or nothing more does.
  for (let before = -1; arrived < expected && arrived > before; ) {
    before = arrived;
    await delay(10_000);
  }
  delays.sort((a, b) => a - b);
  const at = (share: number) => delays[Math.floor((delays.length - 1) * share)] ?? Number.NaN;
  const report: CrowdReport = {
    delays: { p50: at(0.5), p99: at(0.99), worst: at(1) },
    sent,
    lost: expected - arrived,
    ended,
  };
  process.send?.(report);
}

await run(JSON.parse(process.argv[2] ?? "{}"));

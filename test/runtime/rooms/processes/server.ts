import { implement } from "../../../../runtime/src/index.ts";
import { openRedis } from "../../../../runtime/src/redis/index.ts";
import { redisRoomStore } from "../../../../runtime/src/redis/room-store.ts";
import { createRooms, type RoomLimits } from "../../../../runtime/src/rooms/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import { echoDefinition } from "../../gen/echo_grpc.ts";
import { textOf } from "../support.ts";

/** What a test gives it. */
export interface RoomServerSettings {
  readonly limits?: Partial<RoomLimits>;
  readonly redis?: string;
  readonly sendTimeoutMs?: number;
}

/**
 * Serves one room by `Echo.Bidi`; the header `member` says who joins. Sends its port, and its memory in bytes
 * when it receives a message. Stops at SIGTERM as an app does.
 */
const settings: RoomServerSettings = JSON.parse(process.argv[2] ?? "{}");
const service = { name: "shop", version: "1" };
const url = settings.redis === undefined ? undefined : new URL(settings.redis);
const redis = openRedis({ redis: { url, timeoutMs: 2000 }, service });
await redis?.tried;
const rooms = createRooms({
  limits: { messagesPerSecond: 1e6, burst: 1e6, ...settings.limits },
  store: redis && redisRoomStore(redis),
});

async function* texts(requests: AsyncIterable<{ readonly text: string }>): AsyncIterable<string> {
  for await (const { text } of requests) yield text;
}

const server = new GrpcServer({
  services: [
    implement(echoDefinition, {
      bidi: async function* (requests, { metadata, signal }) {
        const member = await rooms.join("r", { member: String(metadata.get("member")[0]), signal });
        yield { text: `*${member.present.names.join(" ")}`, number: member.present.count };
        for await (const event of member.exchange(texts(requests))) yield { text: textOf(event) };
      },
    }),
  ],
  onAbuse: () => {}, // of readers that stall
  limits: { sendTimeoutMs: settings.sendTimeoutMs ?? 30_000 },
});

process.once("SIGTERM", async () => {
  rooms.drain();
  await server.stop(60_000);
  await rooms.close();
  await redis?.close();
  process.exit(0);
});
process.on("message", () => {
  global.gc?.();
  process.send?.(process.memoryUsage.rss());
});
process.send?.(await server.listen("127.0.0.1:0"));

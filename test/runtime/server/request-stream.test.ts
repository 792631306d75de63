import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { defaultServerLimits, type GrpcError } from "../../../runtime/src/index.ts";
import { RequestBudget } from "../../../runtime/src/server/request-budget.ts";
import { RequestStream } from "../../../runtime/src/server/request-stream.ts";
import { frame } from "../support/raw-call.ts";

const chunk = Buffer.concat(Array.from({ length: 16 }, () => frame(Buffer.alloc(1019))));

/** A caller that sends as much as it may, up to `chunks` of 16 KiB, and writes down what is read. */
function start(chunks: number, rest: Buffer = Buffer.alloc(0)) {
  let left = chunks;
  const source = new Readable({
    highWaterMark: chunk.length,
    read() {
      left -= 1;
      if (left >= 0) this.push(chunk);
      else this.push(left === -1 && rest.length > 0 ? rest : null);
    },
  });
  const told: (string | GrpcError)[] = [];
  let next: () => void = () => {};
  const tell = (what: string | GrpcError): void => {
    told.push(what);
    next();
  };
  const requests = new RequestStream(
    {
      stream: source,
      session: {},
      maxMessageBytes: 2000,
      encoding: undefined,
      isDecompressedLater: false,
    },
    {
      onMessage: (bytes) => tell(Buffer.isBuffer(bytes) ? `${bytes.length}` : "compressed"),
      onHalfClose: () => tell("end"),
      onIllegalRequest: (error) => tell(error),
    },
    new RequestBudget(defaultServerLimits),
  );
  /** What one `read` is answered with. */
  const read = async (): Promise<string | GrpcError | undefined> => {
    const before = told.length;
    const answered = new Promise<void>((resolve) => {
      next = resolve;
    });
    requests.read();
    if (told.length === before) await answered;
    return told.at(-1);
  };
  return { requests, source, told, read, sent: () => chunks - Math.max(left, 0) };
}

/** Lets everything happen that is going to without a further read. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("reading", () => {
  test("nothing is read before it is requested", async () => {
    const { source, told } = start(1);
    await settled();
    expect(source.readableFlowing).toBe(null);
    expect(told).toEqual([]);
  });

  test("each read causes one event, at once if the request has arrived; the last event is the end", async () => {
    const { read, told, requests } = start(3);
    expect(await read()).toBe("1019");
    requests.read();
    expect(told).toHaveLength(2);
    for (let count = 3; count <= 48; count += 1) expect(await read()).toBe("1019");
    await settled();
    expect(told).toHaveLength(48);
    expect(await read()).toBe("end");
  });

  test("a paused reader buffers 64 KiB and what is in transit, and can resume", async () => {
    const { read, source, sent } = start(100);
    await read();
    await settled();
    expect(source.isPaused()).toBe(true);
    expect(sent()).toBeLessThanOrEqual(7);
    for (let count = 2; count <= 1600; count += 1) await read();
    expect(await read()).toBe("end");
  });
});

describe("what ends a call", () => {
  test("requests that end in the middle of one, after those before it", async () => {
    const { read } = start(1, chunk.subarray(0, 100));
    for (let count = 1; count <= 16; count += 1) expect(await read()).toBe("1019");
    expect(await read()).toMatchObject({ code: "INTERNAL", rawMessage: /cut off/ });
  });

  test("a request that is too large; what follows is dropped", async () => {
    const { read, told, source } = start(1, frame(Buffer.alloc(3000)));
    const ended = new Promise((resolve) => source.once("end", resolve));
    for (let count = 1; count <= 16; count += 1) await read();
    expect(await read()).toMatchObject({ code: "RESOURCE_EXHAUSTED" });
    await ended;
    expect(told).toHaveLength(17);
  });

  test("after `stop` there are no events", async () => {
    const { read, requests, told } = start(3);
    await read();
    requests.stop();
    requests.read();
    await settled();
    expect(told).toEqual(["1019"]);
  });
});

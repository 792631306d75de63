import { describe, expect, test } from "vitest";
import { compose } from "../../runtime/src/compose.ts";
import { type Before, type Interceptor, layer } from "../../runtime/src/index.ts";
import { unhandled, watchRejections } from "./support/rejections.ts";

type Layer = Interceptor<unknown>;
const later = () => new Promise<void>((resolve) => setImmediate(resolve));
const broken = new Error("broken");

describe("layers", () => {
  /** Writes down what runs, and what the layer sees at the end. */
  function noting(log: string[], name: string, act: () => void = () => {}) {
    return layer<unknown>(() => {
      log.push(`${name} begins`);
      return (error) => {
        log.push(`${name}: ${error instanceof Error ? error.message : error}`);
        act();
      };
    });
  }
  const fail = (text: string) => () => {
    throw new Error(text);
  };

  test("run around the core, beside interceptors that await", async () => {
    const log: string[] = [];
    const awaiting: Layer = async (_call, next) => {
      log.push("in");
      await next();
      log.push("out");
    };
    await compose([noting(log, "a"), noting(log, "b"), awaiting, noting(log, "c")])({}, later);
    expect(log).toEqual([
      ...["a begins", "b begins", "in", "c begins"],
      ...["c: undefined", "out", "b: undefined", "a: undefined"],
    ]);
  });

  test.each([
    ["the core", [], async () => await Promise.reject(broken), ["b: broken", "a: broken"]],
    ["a layer before", [layer<unknown>(fail("no"))], later, ["b: no", "a: no"]],
    [
      "an interceptor",
      [async () => await Promise.reject(broken)],
      later,
      ["b: broken", "a: broken"],
    ],
    [
      "undefined",
      [],
      () => Promise.reject(undefined),
      ["b: something threw undefined", "a: something threw undefined"],
    ],
  ] as [string, Layer[], () => Promise<void>, string[]][])(
    "see the failure of %s, from the inside out",
    async (_, inner, core, ends) => {
      watchRejections();
      const log: string[] = [];
      await expect(
        compose([noting(log, "a"), noting(log, "b"), ...inner])({}, core),
      ).rejects.toBeInstanceOf(Error);
      expect(log.slice(2)).toEqual(ends);
      expect(await unhandled()).toEqual([]);
    },
  );

  test("may replace a failure, or fail after a success; those outside see it", async () => {
    const log: string[] = [];
    const layers = [noting(log, "a"), noting(log, "b", fail("replaced")), noting(log, "c")];
    await expect(compose(layers)({}, later)).rejects.toThrow("replaced");
    await expect(compose(layers)({}, async () => await Promise.reject(broken))).rejects.toThrow(
      "replaced",
    );
    const ends = log.filter((line) => !line.endsWith("begins"));
    expect(ends).toEqual([
      ...["c: undefined", "b: undefined", "a: replaced"],
      ...["c: broken", "b: broken", "a: replaced"],
    ]);
  });

  test("that are not entered are not left", async () => {
    const log: string[] = [];
    const refusing = layer<unknown>(fail("refused"));
    const run = compose([noting(log, "a"), refusing, noting(log, "b")])({}, async () => {
      log.push("core");
    });
    await expect(run).rejects.toThrow("refused");
    expect(log).toEqual(["a begins", "a: refused"]);
  });

  // A layer that did not wait for it would let callers without a token pass.
  test.each([
    ["a promise", () => later().then(() => undefined)],
    // biome-ignore lint/suspicious/noThenProperty: that is what such a promise is.
    ["a promise of another library", () => ({ then: (go: () => void) => setImmediate(go) })],
  ])("wait for %s before they go on", async (_, before) => {
    const log: string[] = [];
    const slow = layer<unknown>(before as unknown as Before<unknown>);
    const run = compose([noting(log, "a"), slow, noting(log, "b")])({}, async () => {
      log.push("core");
    });
    expect(log).toEqual(["a begins"]);
    await run;
    expect(log.slice(1)).toEqual(["b begins", "core", "b: undefined", "a: undefined"]);
  });

  test("that wait and refuse", async () => {
    watchRejections();
    const log: string[] = [];
    const slow = layer<unknown>(async () => await Promise.reject(broken));
    const run = compose([noting(log, "a"), slow, noting(log, "b")])({}, later);
    await expect(run).rejects.toBe(broken);
    expect(log).toEqual(["a begins", "a: broken"]);
    expect(await unhandled()).toEqual([]);
  });

  test("called as functions, do the same", async () => {
    const log: string[] = [];
    await noting(log, "a")({}, later);
    await expect(noting(log, "b")({}, async () => await Promise.reject(broken))).rejects.toBe(
      broken,
    );
    expect(log).toEqual(["a begins", "a: undefined", "b begins", "b: broken"]);
    expect(
      layer(function named() {
        return undefined;
      }).name,
    ).toBe("named");
  });

  test("with nothing to do afterwards add no promise", () => {
    const core = Promise.resolve();
    const silent = layer<unknown>(() => undefined);
    expect(compose([silent, silent])({}, () => core)).toBe(core);
  });

  // An unhandled rejection ends the process.
  test.each([
    ["the core", () => noting([], "b"), async () => await Promise.reject(broken)],
    ["before", () => layer<unknown>(fail("broken")), later],
    ["after", () => noting([], "b", fail("broken")), later],
  ])("that fail in %s fail nothing else while an interceptor works on", async (_, make, core) => {
    watchRejections();
    const working: Layer = async (_call, next) => {
      const inner = next();
      await later();
      await later();
      await inner;
    };
    await expect(compose([working, make()])({}, core)).rejects.toThrow("broken");
    expect(await unhandled()).toEqual([]);
  });

  test.each([
    ["false", false],
    ["a number", 5],
    ["a promise of an object", Promise.resolve({})],
  ])("that answer %s fail before the core runs", async (_, answer) => {
    const log: string[] = [];
    const odd = layer<unknown>(function odd() {
      return answer as unknown as undefined;
    });
    const run = compose([noting(log, "a"), odd])({}, async () => {
      log.push("core");
    });
    await expect(run).rejects.toThrow(/^layer odd answered a(n)? \w+, not a function$/);
    expect(log).toEqual(["a begins", expect.stringMatching(/^a: layer odd/)]);
  });

  test("may be left asynchronously: those outside wait, and see a failure", async () => {
    watchRejections();
    const log: string[] = [];
    const slow = layer<unknown>(() => async (error) => {
      await later();
      log.push(`slow: ${error}`);
      throw broken;
    });
    await expect(compose([noting(log, "a"), slow, noting(log, "b")])({}, later)).rejects.toBe(
      broken,
    );
    expect(log.slice(2)).toEqual(["b: undefined", "slow: undefined", "a: broken"]);
    expect(await unhandled()).toEqual([]);
  });
});

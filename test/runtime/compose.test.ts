import { describe, expect, test } from "vitest";
import { compose } from "../../runtime/src/compose.ts";
import type { Interceptor } from "../../runtime/src/index.ts";
import { unhandled, watchRejections } from "./support/rejections.ts";

type Layer = Interceptor<unknown>;
const usual: Layer = async (_call, next) => {
  await next();
};
const later = () => new Promise<void>((resolve) => setImmediate(resolve));
const broken = new Error("broken");

const cores: Record<string, () => Promise<void>> = {
  "succeeds at once": async () => {},
  "succeeds later": later,
  "fails at once": async () => {
    throw broken;
  },
  "fails later": async () => {
    await later();
    throw broken;
  },
};

/** What interceptors do that do not simply await `next()`. */
const layers: Record<string, Layer> = {
  "hands on": (_call, next) => next(),
  "does not wait": async (_call, next) => {
    void next();
  },
  "swallows a failure": async (_call, next) => {
    await next().catch(() => {});
  },
  "works on afterwards": async (_call, next) => {
    await next();
    await later();
  },
  // As plain JavaScript has it.
  "answers with nothing": ((_call: unknown, next: () => Promise<void>) => {
    void next();
  }) as unknown as Layer,
};

describe.each(Object.entries(cores))("a core that %s", (outcome, core) => {
  test.each(Object.entries(layers))(
    "at every place of an interceptor that %s it settles last, and its failure stays one",
    async (_, layer) => {
      watchRejections();
      for (const place of [0, 1, 2]) {
        const interceptors = [usual, usual];
        interceptors.splice(place, 0, layer);
        let ended = false;
        const run = compose(interceptors)({}, () =>
          core().finally(() => {
            ended = true;
          }),
        );
        if (outcome.startsWith("fails")) await expect(run).rejects.toBe(broken);
        else await expect(run).resolves.toBeUndefined();
        expect(ended).toBe(true);
      }
      expect(await unhandled()).toEqual([]);
    },
  );
});

describe("misuse", () => {
  test.each([0, 1, 2])("an interceptor that calls next() twice, at place %d", async (place) => {
    watchRejections();
    const interceptors = [usual, usual];
    interceptors.splice(place, 0, async function doubled(_call, next) {
      void next();
      await next().catch(() => {});
    });
    let runs = 0;
    const run = compose(interceptors)({}, async () => {
      runs += 1;
    });
    await expect(run).rejects.toThrow("interceptor doubled called next() twice");
    expect(runs).toBe(1);
    expect(await unhandled()).toEqual([]);
  });

  test("an interceptor that returns without calling next()", async () => {
    const run = compose([usual, async () => {}])({}, later);
    await expect(run).rejects.toThrow("(anonymous) returned without calling next() or throwing");
  });

  test("one that throws synchronously, before or while the core runs", async () => {
    watchRejections();
    const before: Layer = () => {
      throw broken;
    };
    const meanwhile: Layer = (_call, next) => {
      void next();
      throw broken;
    };
    for (const core of Object.values(cores)) {
      await expect(compose([usual, before])({}, core)).rejects.toBe(broken);
      await expect(compose([usual, meanwhile])({}, core)).rejects.toBe(broken);
    }
    expect(await unhandled()).toEqual([]);
  });
});

test("promises of other libraries are supported", async () => {
  const foreign = ((_call: unknown, next: () => Promise<void>) => {
    void next();
    // biome-ignore lint/suspicious/noThenProperty: that is what such a promise is.
    return { then: (_resolve: unknown, reject: (error: unknown) => void) => reject(broken) };
  }) as unknown as Layer;
  await expect(compose([usual, foreign])({}, later)).rejects.toBe(broken);
});

test("an interceptor that returns the promise of next() adds no promise", () => {
  const core = Promise.resolve();
  const handsOn: Layer = (_call, next) => next();
  expect(compose([handsOn, handsOn, handsOn])({}, () => core)).toBe(core);
});

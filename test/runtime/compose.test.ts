import { describe, expect, test } from "vitest";
import { compose } from "../../runtime/src/compose.ts";
import { type Before, type Interceptor, layer } from "../../runtime/src/index.ts";
import { cleanUp } from "./support/echo.ts";

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

/** Fails the test at an unhandled rejection. */
async function unhandled(): Promise<unknown[]> {
  await later();
  await later();
  return rejections;
}
const rejections: unknown[] = [];

function watchRejections(): void {
  const listener = (error: unknown) => void rejections.push(error);
  rejections.length = 0;
  process.on("unhandledRejection", listener);
  cleanUp(() => void process.off("unhandledRejection", listener));
}

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
});

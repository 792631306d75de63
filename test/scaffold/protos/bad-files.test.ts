import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Patience } from "../../../src/scaffold/protos/buf.ts";
import { compileInputs } from "../../../src/scaffold/protos/compile.ts";
import { InterruptedError, UsageError } from "../../../src/terminal/errors.ts";
import { proto, temporaryFolder, writeFiles } from "../support.ts";

let cwd: string;

beforeEach(async () => {
  cwd = await temporaryFolder();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

interface Waiting {
  readonly signal?: AbortSignal;
  readonly note?: (text: string) => void;
  readonly patience?: Patience;
}

function compile(path: string, waiting: Waiting = {}) {
  const { signal } = new AbortController();
  return compileInputs({ proto: [path], importPaths: [], cwd, signal, ...waiting });
}

async function refusal(path: string, waiting?: Waiting): Promise<string> {
  const error = await compile(path, waiting).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof UsageError)) throw new Error(`not refused: ${error}`);
  return error.message;
}

/** A message in as many others. */
function nested(depth: number): string {
  const numbers = Array.from({ length: depth + 1 }, (_, index) => index);
  const messages = numbers.map((number) => `message M${number} {`).join("\n");
  return `${proto("deep")}${messages}${"}".repeat(depth + 1)}\n`;
}

describe("refuses with one line:", () => {
  test.each(["\ufeff", ""])("UTF-16, with %j in front", async (mark) => {
    const text = Buffer.from(mark + proto("a"), "utf16le");
    await writeFiles(cwd, { "p/little.proto": text, "q/big.proto": Buffer.from(text).swap16() });
    expect(await refusal("p/little.proto")).toBe("p/little.proto is UTF-16; save it as UTF-8");
    expect(await refusal("p")).toBe("p/little.proto is UTF-16; save it as UTF-8");
    expect(await refusal("q")).toBe("q/big.proto is UTF-16; save it as UTF-8");
  });

  test("names of files and folders that are not UTF-8", async () => {
    const name = Buffer.from("caf\xe9", "latin1");
    const within = (folder: string, end: string) =>
      Buffer.concat([Buffer.from(`${join(cwd, folder)}/`), name, Buffer.from(end)]);
    await mkdir(join(cwd, "p"));
    await mkdir(join(cwd, "q"));
    await writeFile(within("p", ".proto"), proto("a"));
    await mkdir(within("q", ""));
    expect(await refusal("p")).toMatch(/p\/caf\uFFFD\.proto: its name is not UTF-8; rename it$/);
    expect(await refusal("q")).toMatch(/q\/caf\uFFFD: its name is not UTF-8; rename it$/);
  });

  test("messages that are nested too deep", async () => {
    await writeFiles(cwd, { "ok/ok.proto": nested(97), "p/deep.proto": nested(98) });
    expect((await compile("ok/ok.proto")).files).toHaveLength(1);
    for (const path of ["p/deep.proto", "p"]) {
      expect(await refusal(path)).toBe(
        "p/deep.proto: a message lies in more than 97 others, which protobuf libraries refuse; nest it less deep",
      );
    }
  });

  test.each(["gone", "a-file"])("a TMPDIR that is %s", async (name) => {
    await writeFiles(cwd, { "a.proto": proto("a"), "a-file": "" });
    vi.stubEnv("TMPDIR", join(cwd, name));
    expect(await refusal("a.proto")).toMatch(
      /^cannot write to .*(gone: no such file or folder|a-file: part of the path is not a folder); set TMPDIR to a folder for temporary files$/,
    );
  });

  test("a compiler that does not finish", async () => {
    await writeFiles(cwd, { "a.proto": proto("a") });
    const patience = { noteAfterMs: 60_000, limitMs: 1 };
    expect(await refusal("a.proto", { patience })).toBe(
      "the proto compiler did not finish within 1 minute; give --proto fewer files, or break their very long lines",
    );
  });
});

test("a compiler that takes long is announced, and Ctrl-C ends it", async () => {
  // The compiler needs a minute for a line with so many fields.
  const fields = Array.from({ length: 5_000 }, (_, index) => `int32 f${index} = ${index + 1};`);
  await writeFiles(cwd, { "a.proto": `${proto("a")}message Long { ${fields.join(" ")} }` });
  const interrupt = new AbortController();
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    interrupt.abort();
  };
  const patience = { noteAfterMs: 1, limitMs: 120_000 };
  await expect(compile("a.proto", { signal: interrupt.signal, note, patience })).rejects.toThrow(
    InterruptedError,
  );
  expect(notes).toEqual([
    "Still compiling the protos. This ends after 2 minutes; Ctrl-C ends it now.\n",
  ]);
});

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseJson, property } from "../../../json.ts";
import { describeSystemError } from "../../../terminal/errors.ts";
import type { StubJson } from "./recorded-call.ts";

/** Stubs of one method. Further ones are not recorded. */
const maxStubs = 1_000;
/** Characters of a file. */
const maxChars = 16 * 1024 * 1024;

/** Writes recorded calls into stub files: one file per method, one stub per request. */
export class StubWriter {
  readonly #folder: string;
  readonly #note: (line: string) => void;
  readonly #files = new Map<string, Promise<StubFile>>();

  /** @param note prints a line about what cannot be written */
  constructor(folder: string, note: (line: string) => void) {
    this.#folder = folder;
    this.#note = note;
  }

  /**
   * Adds a stub, or replaces the one for the same request.
   *
   * @param method `package.Service/Method`
   */
  async add(method: string, stub: StubJson): Promise<void> {
    const path = join(this.#folder, `${method.replace("/", ".")}.json`);
    const opened = this.#files.get(path) ?? StubFile.open(path, method);
    this.#files.set(path, opened);
    const problem = await (await opened).add(stub);
    if (problem !== undefined) this.#note(problem);
  }

  /** Resolves when everything is written. */
  async idle(): Promise<void> {
    for (const file of this.#files.values()) await (await file).idle();
  }
}

/** The stubs of one method, on their way to a file. */
class StubFile {
  readonly #path: string;
  readonly #method: string;
  /** By request. */
  readonly #stubs: Map<string, StubJson>;
  #writing: Promise<string | undefined> | undefined;
  #isDirty = false;
  #isFull = false;

  private constructor(path: string, method: string, stubs: readonly StubJson[]) {
    this.#path = path;
    this.#method = method;
    this.#stubs = new Map(stubs.map((stub) => [JSON.stringify(stub.match), stub]));
  }

  /** With the stubs that the file has. The stub folder was checked before. */
  static async open(path: string, method: string): Promise<StubFile> {
    const text = await readFile(path, "utf8").catch(() => "");
    const stubs = property(parseJson(text), "stubs");
    return new StubFile(path, method, Array.isArray(stubs) ? stubs : []);
  }

  /** @returns why it is not recorded, once */
  async add(stub: StubJson): Promise<string | undefined> {
    const key = JSON.stringify(stub.match);
    if (!this.#stubs.has(key) && this.#stubs.size >= maxStubs) {
      return this.#full(`${this.#path} has ${maxStubs} stubs: further calls are not recorded`);
    }
    this.#stubs.set(key, stub);
    this.#isDirty = true;
    this.#writing ??= this.#write();
    return this.#writing;
  }

  async idle(): Promise<void> {
    await this.#writing;
  }

  /** Calls that arrive while a file is written are written together. */
  async #write(): Promise<string | undefined> {
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      while (this.#isDirty) {
        this.#isDirty = false;
        const content = { method: this.#method, stubs: [...this.#stubs.values()] };
        const text = `${JSON.stringify(content, undefined, 2)}\n`;
        if (text.length > maxChars) {
          return this.#full(`${this.#path} would be too large: further calls are not recorded`);
        }
        // Whole or not at all.
        await writeFile(`${this.#path}.tmp`, text);
        await rename(`${this.#path}.tmp`, this.#path);
      }
      return undefined;
    } catch (error) {
      return this.#full(`cannot write ${this.#path}: ${describeSystemError(error) ?? error}`);
    } finally {
      this.#writing = undefined;
    }
  }

  #full(reason: string): string | undefined {
    const isKnown = this.#isFull;
    this.#isFull = true;
    return isKnown ? undefined : reason;
  }
}

import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import { create, type DescField, type Message, ScalarType } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { UsageError } from "../../../terminal/errors.ts";
import type { StreamHost } from "../../../terminal/host.ts";
import { printable } from "../../../terminal/printable.ts";
import { Output } from "../response/output.ts";
import type { FoundMethod } from "../schema/find-method.ts";
import { parseRequest } from "./parse-request.ts";

/** The word that ends the requests. */
const quit = "quit";

/**
 * A call in a terminal: each line that is typed is a request, responses are printed above the line that is
 * being typed.
 */
export class Chat {
  readonly #found: FoundMethod;
  readonly #host: StreamHost;
  readonly #output: Output;
  readonly #lines: Interface;
  readonly #typed: AsyncIterator<string>;
  /** The field that a line of text is put into. */
  readonly #textField: DescField | undefined;
  readonly #interrupt = new AbortController();
  #isOpen = true;
  /** Whether the cursor stands behind a prompt. */
  #atPrompt = false;

  constructor(found: FoundMethod, host: StreamHost) {
    this.#found = found;
    this.#host = host;
    this.#output = new Output(host.output);
    this.#textField = onlyText(found);
    this.#lines = createInterface({
      input: host.input,
      ...(host.interactive && { output: host.output, prompt: "> " }),
    });
    // From now on, so that no line is lost.
    this.#typed = this.#lines[Symbol.asyncIterator]();
    // A terminal in raw mode sends the key, not the signal.
    this.#lines.on("SIGINT", () => this.#interrupt.abort());
    this.#lines.on("close", () => {
      this.#isOpen = false;
    });
  }

  /** Aborted by Ctrl-C. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#host.signal, this.#interrupt.signal]);
  }

  /** What is typed, until `quit` or the end of the input. */
  async *requests(): AsyncGenerator<Message, void, undefined> {
    const { note, interactive } = this.#host;
    const form = this.#textField === undefined ? "JSON" : `text (${this.#textField.name}) or JSON`;
    if (interactive)
      note(`Type ${form}, a request per line. ${quit} ends the requests, Ctrl-C cancels.\n`);
    for (;;) {
      if (this.#isOpen && interactive) this.#prompt();
      const { done, value: line } = await this.#typed.next();
      if (done) break;
      this.#atPrompt = false;
      if (line.trim() === quit) break;
      const request = this.#parse(line.trim());
      if (request !== undefined) yield request;
    }
    this.close();
  }

  /** Prints a response above the line that is being typed. */
  async write(data: string | Uint8Array): Promise<void> {
    const atPrompt = this.#atPrompt && this.#isOpen;
    if (atPrompt) {
      cursorTo(this.#host.output, 0);
      clearLine(this.#host.output, 0);
    }
    await this.#output.write(data);
    if (atPrompt && this.#isOpen) this.#lines.prompt(true);
  }

  /** Resolves when all of it has been written. */
  flush(): Promise<void> {
    return this.#output.flush();
  }

  /** Gives the terminal back. */
  close(): void {
    this.#lines.close();
    if (this.#atPrompt) this.#host.note("\n");
    this.#atPrompt = false;
  }

  #prompt(): void {
    this.#atPrompt = true;
    this.#lines.prompt();
  }

  #parse(line: string): Message | undefined {
    if (line === "") return undefined;
    const { method, registry } = this.#found;
    const field = this.#textField;
    if (field !== undefined && !line.startsWith("{")) {
      const message = create(method.input);
      reflect(method.input, message).set(field, line);
      return message;
    }
    try {
      return parseRequest(method.input, line, { registry, ignoreUnknownFields: false }, "not sent");
    } catch (error) {
      // The person can type it again.
      if (!(error instanceof UsageError)) throw error;
      this.#host.note(`${printable(error.message)}\n`);
      return undefined;
    }
  }
}

/** The field for text, if the request has one text only. */
function onlyText({ method }: FoundMethod): DescField | undefined {
  const [first, ...others] = method.input.fields.filter(
    ({ fieldKind, scalar }) => fieldKind === "scalar" && scalar === ScalarType.STRING,
  );
  return others.length === 0 ? first : undefined;
}

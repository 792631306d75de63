import type { DescMethod } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import { counted } from "../../../terminal/counted.ts";
import { printable } from "../../../terminal/printable.ts";
import { pathOf } from "../schema/find-method.ts";
import type { ServerSettings } from "../server/settings.ts";

/** Notes what happens on the wire, for `--verbose`: `>` is sent, `<` is received. */
export class Trace {
  readonly #note: (text: string) => void;
  readonly #start: number;
  #firstMs: number | undefined;
  #responses = 0;

  constructor(note: (text: string) => void, start: number) {
    this.#note = note;
    this.#start = start;
  }

  request(method: DescMethod, { target, tls }: ServerSettings, metadata: Metadata): void {
    const security = tls === undefined ? "plain text" : tls.verified ? "TLS" : "TLS, not verified";
    this.#line("*", `${target} (${security})`);
    this.#line(">", pathOf(method));
    this.#entries(">", metadata, hidden);
  }

  header(metadata: Metadata): void {
    this.#line("*", `headers after ${this.#elapsed()} ms`);
    this.#entries("<", metadata);
  }

  response(): void {
    this.#firstMs ??= this.#elapsed();
    this.#responses += 1;
  }

  trailer(metadata: Metadata): void {
    this.#line("*", "trailers");
    this.#entries("<", metadata);
  }

  end(status: string): void {
    const first = this.#firstMs === undefined ? "" : `, the first after ${this.#firstMs} ms`;
    this.#line(
      "*",
      `${status} after ${this.#elapsed()} ms; ${counted(this.#responses, "response")}${first}`,
    );
  }

  #entries(mark: string, metadata: Metadata, show = (_key: string, text: string) => text): void {
    for (const [key, values] of Object.entries(metadata.toJSON())) {
      for (const value of values) {
        const text = typeof value === "string" ? value : value.toString("base64");
        this.#line(mark, `${key}: ${show(key, text)}`);
      }
    }
  }

  #line(mark: string, text: string): void {
    this.#note(`${mark} ${printable(text)}\n`);
  }

  #elapsed(): number {
    return Math.round(performance.now() - this.#start);
  }
}

/** Credentials stay out of terminals and logs. */
function hidden(key: string, text: string): string {
  if (key !== "authorization") return text;
  const scheme = /^\S+ /.exec(text)?.[0] ?? "";
  return `${scheme}(${text.length - scheme.length} characters)`;
}

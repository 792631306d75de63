import type { IncomingHttpHeaders } from "node:http2";
import { status as statusNumbers } from "@grpc/grpc-js";
import { isObject } from "./property.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of a status, whose bytes in UTF-8 are percent-encoded. What is malformed stays as it is. */
export function decodedText(text: string): string {
  return text.includes("%") ? text.replace(/(?:%[\da-f]{2})+/gi, decodedRun) : text;
}

function decodedRun(run: string): string {
  try {
    return utf8.decode(Buffer.from(run.replaceAll("%", ""), "hex"));
  } catch {
    return run;
  }
}

/** The number of a status; UNKNOWN for what is not a number, such as an empty text. */
export function decodedCode(code: unknown): number {
  return typeof code === "string" && /^\d+$/.test(code) ? Number(code) : statusNumbers.UNKNOWN;
}

/**
 * Lets a call read its status as every server means it. grpc-js reads the text with `decodeURI`, which leaves
 * `#$&+,/:;=?@` encoded: tonic sends `?` as `%3F`, and Connect all but letters and digits. And it takes a
 * code for OK that is empty or `0x0`.
 *
 * Relies on the call reading trailers with its method `handleTrailers`. Fall-back if it has none: the status
 * that grpc-js reads.
 *
 * @param call of a connection, which grpc-js has just made
 */
export function readStatusOf(call: unknown): void {
  if (isObject(call) && inherited(call) !== undefined) {
    Reflect.set(call, "handleTrailers", handleTrailers);
  }
}

type HandleTrailers = (this: object, trailers: IncomingHttpHeaders) => void;

/** One function for all calls: it is set on each of them. */
function handleTrailers(this: object, trailers: IncomingHttpHeaders): void {
  const { "grpc-status": code, "grpc-message": text } = trailers;
  if (code !== undefined && code !== "0") trailers["grpc-status"] = String(decodedCode(code));
  if (typeof text === "string" && text.includes("%")) {
    trailers["grpc-message"] = encodeURI(decodedText(text));
  }
  inherited(this)?.call(this, trailers);
}

function inherited(call: object): HandleTrailers | undefined {
  const prototype: unknown = Object.getPrototypeOf(call);
  const method: unknown = isObject(prototype) && Reflect.get(prototype, "handleTrailers");
  return isMethod(method) ? method : undefined;
}

function isMethod(value: unknown): value is HandleTrailers {
  return typeof value === "function";
}

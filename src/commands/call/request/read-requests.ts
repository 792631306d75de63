import { resolve } from "node:path";
import { create, type Message } from "@bufbuild/protobuf";
import { describeSystemError, UsageError } from "../../../terminal/errors.ts";
import type { StreamHost } from "../../../terminal/host.ts";
import { takesStream } from "../method-kinds.ts";
import type { FoundMethod } from "../schema/find-method.ts";
import { type FileRequests, fileChunks, parseFileFlag, setBytes } from "./file-chunks.ts";
import { jsonValues } from "./json-values.ts";
import { openFile } from "./open-file.ts";
import { parseRequest } from "./parse-request.ts";

/** Where requests come from, as the user said it. */
export interface RequestSettings {
  /** JSON, `@file` or `@-`. Undefined: standard input, unless it is a terminal. */
  readonly data: string | undefined;
  /** Value of `--file`. */
  readonly file: string | undefined;
  readonly chunkBytes: number;
  readonly ignoreUnknownFields: boolean;
}

/** Where requests are read. */
type RequestHost = Pick<StreamHost, "cwd" | "input" | "inputIsTerminal" | "note"> & {
  /** Aborted when nothing is read any more. */
  readonly ended: AbortSignal;
};

/**
 * The requests of a call, each as soon as it is complete: those of the JSON, then those of the file. Without
 * any, a method that takes one request gets an empty one.
 *
 * @throws UsageError in one line that says where the request is from and what is wrong with it
 */
export function readRequests(
  found: FoundMethod,
  settings: RequestSettings,
  host: RequestHost,
): AsyncGenerator<Message, void, undefined> {
  const file =
    settings.file === undefined ? undefined : parseFileFlag(settings.file, found.method.input);
  const messages = fromJson(found, settings, host);
  return takesStream(found.method)
    ? stream(found, messages, file, settings, host)
    : single(found, messages, file, host);
}

async function* stream(
  { method: { input } }: FoundMethod,
  messages: AsyncIterable<Message>,
  file: FileRequests | undefined,
  { chunkBytes }: RequestSettings,
  host: RequestHost,
): AsyncGenerator<Message, void, undefined> {
  yield* messages;
  if (file === undefined) return;
  for await (const chunk of fileChunks(file.file, chunkBytes, host)) {
    const message = create(input);
    setBytes(input, message, file.path, chunk);
    yield message;
  }
}

async function* single(
  { method }: FoundMethod,
  messages: AsyncIterable<Message>,
  file: FileRequests | undefined,
  host: RequestHost,
): AsyncGenerator<Message, void, undefined> {
  let only: Message | undefined;
  for await (const message of messages) {
    if (only !== undefined) throw new UsageError(`${method.name} takes one request, not several`);
    only = message;
  }
  const request = only ?? create(method.input);
  if (file !== undefined) {
    setBytes(method.input, request, file.path, await wholeFile(file.file, host));
  }
  yield request;
}

const maxFileBytes = 256 * 1024 * 1024;

async function wholeFile(file: string, host: RequestHost): Promise<Uint8Array> {
  let whole: Uint8Array = new Uint8Array();
  for await (const chunk of fileChunks(file, maxFileBytes, host)) {
    if (whole.length > 0) {
      throw new UsageError(`--file ${file} is larger than ${maxFileBytes / 1024 ** 2} MiB`);
    }
    whole = chunk;
  }
  return whole;
}

async function* fromJson(
  { method, registry }: FoundMethod,
  { data, file, ignoreUnknownFields }: RequestSettings,
  host: RequestHost,
): AsyncGenerator<Message, void, undefined> {
  if (data === undefined && (file !== undefined || host.inputIsTerminal)) return;
  const source = open(data ?? "@-", host);
  const options = { registry, ignoreUnknownFields };
  let count = 0;
  for await (const { text, line } of jsonValues(source.bytes, source.name)) {
    count += 1;
    const place = count === 1 && line === 1 ? source.name : `${source.name}, line ${line}`;
    yield parseRequest(method.input, text, options, place);
  }
}

interface Source {
  /** For messages. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

function open(data: string, { cwd, input, note, ended }: RequestHost): Source {
  if (data === "@-" || data === "@" || data === "-") {
    return { name: "standard input", bytes: withHint(input, note) };
  }
  if (!data.startsWith("@")) return { name: "the request", bytes: [Buffer.from(data)] };
  const path = data.slice(1);
  return { name: path, bytes: fileBytes(path, cwd, ended) };
}

async function* fileBytes(
  path: string,
  cwd: string,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* openFile(resolve(cwd, path), ended);
  } catch (error) {
    const text = describeSystemError(error);
    throw text === undefined ? error : new UsageError(`@${path}: ${text}`);
  }
}

/** After this time without input, a person may wait for a call that waits for them. */
const hintAfterMs = 2_000;

async function* withHint(
  input: AsyncIterable<Uint8Array>,
  note: (text: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hint = setTimeout(() => {
    note("grpc-service: waiting for requests on standard input; '{}' is an empty request\n");
  }, hintAfterMs);
  try {
    for await (const chunk of input) {
      clearTimeout(hint);
      yield chunk;
    }
  } finally {
    clearTimeout(hint);
  }
}

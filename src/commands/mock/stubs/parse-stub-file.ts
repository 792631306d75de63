import {
  type DescMethod,
  fromJson,
  type JsonValue,
  type Message,
  type Registry,
} from "@bufbuild/protobuf";
import { nearest } from "../../../terminal/nearest.ts";
import { messageProblems } from "../../message-json/message-problems.ts";
import type { Problem } from "../../message-json/problem.ts";
import { faultForms, parseFault } from "../faults.ts";
import { parseTimeSpan, type TimeSpan, timeSpanForms } from "../time-span.ts";
import { FileReader } from "./file-reader.ts";
import { createMatch } from "./match.ts";
import { readEntries, readFailure } from "./parse-status.ts";
import type { Match, MethodStubs, Stub } from "./stub.ts";

/** What stubs are checked against. */
export interface StubSchema {
  readonly registry: Registry;
  /** By `package.Service/Method`. */
  readonly methods: ReadonlyMap<string, DescMethod>;
}

/** The stubs of a file, or all of its mistakes. */
export type ParsedStubs =
  | { readonly stubs: MethodStubs; readonly problems: readonly [] }
  | { readonly stubs: undefined; readonly problems: readonly Problem[] };

/** Checks the content of a stub file against the schema. */
export function parseStubFile(content: unknown, schema: StubSchema): ParsedStubs {
  const reader = new FileReader();
  const file = reader.object(content, "", ["method", "latency", "fail", "stubs"]);
  const method = file && readMethod(reader, file.method, schema);
  if (file === undefined || method === undefined) return failed(reader);
  const stubs = reader.list(file.stubs ?? [], "stubs").map((stub, at) => {
    return readStub(new StubReader(reader, schema.registry, method), stub, `stubs[${at}]`);
  });
  const parsed: MethodStubs = {
    method: nameOf(method),
    stubs,
    latency: readSpan(reader, file.latency, "latency"),
    faults: file.fail === undefined ? undefined : readFaults(reader, file.fail),
  };
  return reader.problems.length > 0 ? failed(reader) : { stubs: parsed, problems: [] };
}

/** `package.Service/Method` */
export function nameOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}

function failed({ problems }: FileReader): ParsedStubs {
  return { stubs: undefined, problems };
}

function readMethod(
  reader: FileReader,
  value: unknown,
  { methods }: StubSchema,
): DescMethod | undefined {
  if (typeof value !== "string") {
    reader.add("method", "expected package.Service/Method");
    return undefined;
  }
  const method = methods.get(value);
  if (method !== undefined) return method;
  const near = nearest(value, methods.keys());
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  reader.add("method", `the protos have no method ${value}${hint}`);
  return undefined;
}

function readSpan(reader: FileReader, value: unknown, at: string): TimeSpan | undefined {
  if (value === undefined) return undefined;
  const span = typeof value === "string" ? parseTimeSpan(value) : undefined;
  if (span === undefined) reader.add(at, `expected ${timeSpanForms}`);
  return span;
}

function readFaults(reader: FileReader, value: unknown): NonNullable<MethodStubs["faults"]> {
  const texts = Array.isArray(value) ? value : [value];
  return texts.flatMap((text) => {
    const fault = typeof text === "string" ? parseFault(text) : undefined;
    if (fault === undefined) reader.add("fail", `expected ${faultForms}`);
    return fault ?? [];
  });
}

/** Reads messages of a method. */
class StubReader {
  readonly file: FileReader;
  readonly registry: Registry;
  readonly method: DescMethod;

  constructor(file: FileReader, registry: Registry, method: DescMethod) {
    this.file = file;
    this.registry = registry;
    this.method = method;
  }

  match(value: unknown, at: string): Match | undefined {
    const { input } = this.method;
    const json = this.file.json(value);
    const problems = messageProblems(input, json, at, { registry: this.registry });
    this.file.addAll(problems);
    return problems.length > 0 ? undefined : createMatch(input, json, this.registry);
  }

  response(value: unknown, at: string): Message[] {
    const { output } = this.method;
    const json: JsonValue = this.file.json(value);
    const problems = messageProblems(output, json, at, { registry: this.registry });
    this.file.addAll(problems);
    return problems.length > 0 ? [] : [fromJson(output, json, { registry: this.registry })];
  }
}

const stubKeys = [
  ...["match", "response", "responses", "status", "headers", "trailers"],
  ...["latency", "interval"],
];

function readStub(reader: StubReader, value: unknown, at: string): Stub {
  const { file, registry } = reader;
  const stub = file.object(value, at, stubKeys) ?? {};
  const failure = readFailure(file, stub.status, `${at}.status`, registry);
  return {
    match: stub.match === undefined ? undefined : reader.match(stub.match, `${at}.match`),
    messages: readResponses(reader, stub, at) ?? (failure === undefined ? undefined : []),
    failure,
    headers: readEntries(file, stub.headers, `${at}.headers`),
    trailers: readEntries(file, stub.trailers, `${at}.trailers`),
    latency: readSpan(file, stub.latency, `${at}.latency`),
    interval: readSpan(file, stub.interval, `${at}.interval`),
  };
}

function readResponses(
  reader: StubReader,
  { response, responses, status }: Readonly<Record<string, unknown>>,
  at: string,
): Message[] | undefined {
  const { file, method } = reader;
  if (response !== undefined && responses !== undefined) {
    file.add(at, "has response and responses; use one of them");
  }
  if (responses === undefined) {
    if (response === undefined) return undefined;
    if (status !== undefined && !isStream(method)) file.add(at, hasBoth);
    return reader.response(response, `${at}.response`);
  }
  if (!isStream(method)) {
    file.add(`${at}.responses`, `${nameOf(method)} has one response; use response`);
    return [];
  }
  return file
    .list(responses, `${at}.responses`)
    .flatMap((item, index) => reader.response(item, `${at}.responses[${index}]`));
}

const hasBoth = "has response and status; a call that fails has no response";

function isStream({ methodKind }: DescMethod): boolean {
  return methodKind === "server_streaming" || methodKind === "bidi_streaming";
}

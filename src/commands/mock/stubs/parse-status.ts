import { fromJson, type Registry } from "@bufbuild/protobuf";
import { type Any, AnySchema } from "@bufbuild/protobuf/wkt";
import { Metadata } from "@grpc/grpc-js";
import { statusCodes } from "../../../../runtime/src/status-code.ts";
import { nearest } from "../../../terminal/nearest.ts";
import { messageProblems } from "../../message-json/message-problems.ts";
import type { Entry, Failure } from "../reply.ts";
import { isOfTransport } from "../transport-keys.ts";
import type { FileReader } from "./file-reader.ts";

/** Reads `status: { code, message, details }`. Undefined without one. */
export function readFailure(
  reader: FileReader,
  value: unknown,
  at: string,
  registry: Registry,
): Failure | undefined {
  if (value === undefined) return undefined;
  const status = reader.object(value, at, ["code", "message", "details"]);
  if (status === undefined) return undefined;
  const { code, message = "", details = [] } = status;
  const known = statusCodes.find((name) => name === code);
  if (known === undefined) {
    const near = typeof code === "string" ? nearest(code, statusCodes) : undefined;
    const hint = near === undefined ? "expected a name such as NOT_FOUND" : `did you mean ${near}?`;
    reader.add(`${at}.code`, `unknown status; ${hint}`);
  }
  if (typeof message !== "string") reader.add(`${at}.message`, "expected a text");
  return {
    code: known ?? "UNKNOWN",
    message: String(message),
    details: reader
      .list(details, `${at}.details`)
      .flatMap((detail, index) => readDetail(reader, detail, `${at}.details[${index}]`, registry)),
  };
}

/** A detail is JSON of an `Any`: the fields of a message, and its type under `@type`. */
function readDetail(reader: FileReader, value: unknown, at: string, registry: Registry): Any[] {
  const json = reader.json(value);
  const problems = messageProblems(AnySchema, json, at, { registry });
  reader.addAll(problems);
  return problems.length > 0 ? [] : [fromJson(AnySchema, json, { registry })];
}

/** Reads headers or trailers. Values of keys that end in `-bin` are base64. */
export function readEntries(reader: FileReader, value: unknown, at: string): readonly Entry[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    reader.add(at, "expected keys with texts");
    return [];
  }
  return Object.entries(value).flatMap(([key, given]): Entry[] => {
    const texts: readonly unknown[] = Array.isArray(given) ? given : [given];
    return texts.flatMap((text): Entry[] => readEntry(reader, key, text, `${at}.${key}`));
  });
}

function readEntry(reader: FileReader, key: string, text: unknown, at: string): Entry[] {
  if (typeof text !== "string") {
    reader.add(at, "expected a text");
    return [];
  }
  if (isOfTransport(key.toLowerCase())) {
    reader.add(at, "gRPC sets this key itself");
    return [];
  }
  const entry = key.endsWith("-bin") ? Buffer.from(text, "base64") : text;
  try {
    new Metadata().add(key, entry);
    return [[key, entry]];
  } catch (error) {
    reader.add(at, error instanceof Error ? error.message : String(error));
    return [];
  }
}

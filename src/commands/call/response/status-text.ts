import {
  createRegistry,
  type DescMessage,
  type JsonValue,
  type MessageShape,
  type Registry,
} from "@bufbuild/protobuf";
import { type Any, anyUnpack } from "@bufbuild/protobuf/wkt";
import { messageJson } from "../../../../runtime/src/connect/message-json.ts";
import type { GrpcError } from "../../../../runtime/src/error.ts";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  file_google_rpc_error_details,
  HelpSchema,
  LocalizedMessageSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
  RetryInfoSchema,
} from "../../../../runtime/src/rpc/google/rpc/error_details_pb.ts";
import { statusNumber } from "../../../../runtime/src/status-code.ts";
import { printable } from "../../../terminal/printable.ts";
import { jsonText } from "./json-text.ts";

/** A failed status as lines for people: code and text, then a line per detail. */
export function statusText(error: GrpcError, registry: Registry | undefined): string {
  const number = statusNumber(error.code);
  const first = `${error.code} (${number}): ${printable(error.rawMessage)}`;
  const types = detailTypes(registry);
  const lines = error.details.flatMap((detail) => detailLines(detail, types));
  return [first, ...lines.map((line) => `  ${printable(line)}`)]
    .map((line) => `${line}\n`)
    .join("");
}

/** A failed status as one line of JSON, in the form of `google.rpc.Status`; `code` is the name. */
export function statusJson(error: GrpcError, registry: Registry | undefined): string {
  const types = detailTypes(registry);
  const details = error.details.map((detail) => detailJson(detail, types));
  const status = { code: error.code, message: error.rawMessage, details };
  return `${jsonText(status)}\n`;
}

function detailTypes(registry: Registry | undefined): Registry {
  const known = createRegistry(file_google_rpc_error_details);
  return registry === undefined ? known : createRegistry(registry, known);
}

function detailLines(detail: Any, types: Registry): string[] {
  for (const read of readers) {
    const lines = read(detail);
    if (lines !== undefined) return lines;
  }
  const name = detail.typeUrl.slice(detail.typeUrl.lastIndexOf("/") + 1);
  const { "@type": _type, ...rest } = detailJson(detail, types);
  return [`${name} ${jsonText(rest)}`];
}

/** The lines of a detail; undefined if it is of another type. */
type DetailReader = (detail: Any) => string[] | undefined;

/** How the details of google.rpc read. Other types are printed as JSON. */
const readers: readonly DetailReader[] = [
  reader(BadRequestSchema, ({ fieldViolations }) =>
    fieldViolations.map(({ field, description }) => `${field}: ${description}`),
  ),
  reader(PreconditionFailureSchema, ({ violations }) =>
    violations.map(({ type, subject, description }) => `${type} ${subject}: ${description}`),
  ),
  reader(QuotaFailureSchema, ({ violations }) =>
    violations.map(({ subject, description }) => `quota of ${subject}: ${description}`),
  ),
  reader(ErrorInfoSchema, ({ reason, domain, metadata }) => {
    const entries = Object.entries(metadata).map(([key, value]) => ` ${key}=${value}`);
    return [`reason ${reason} (${domain})${entries.join("")}`];
  }),
  reader(RetryInfoSchema, ({ retryDelay: { seconds = 0n, nanos = 0 } = {} }) => [
    `try again in ${Number(seconds) + nanos / 1e9} s`,
  ]),
  reader(HelpSchema, ({ links }) =>
    links.map(({ description, url }) => `help: ${description} ${url}`),
  ),
  reader(LocalizedMessageSchema, ({ locale, message }) => [`${locale}: ${message}`]),
];

function reader<Desc extends DescMessage>(
  schema: Desc,
  lines: (message: MessageShape<Desc>) => string[],
): DetailReader {
  return (detail) => {
    try {
      const message = anyUnpack(detail, schema);
      return message && lines(message);
    } catch {
      // The bytes are not a message of that type.
      return undefined;
    }
  };
}

function unpack(detail: Any, types: Registry) {
  try {
    return anyUnpack(detail, types);
  } catch {
    // The bytes are not a message of that type, or the type has no name.
    return undefined;
  }
}

function detailJson(detail: Any, types: Registry): { [key: string]: JsonValue } {
  const message = unpack(detail, types);
  const schema = message && types.getMessage(message.$typeName);
  const type = { "@type": detail.typeUrl };
  if (message === undefined || schema === undefined) {
    return { ...type, value: Buffer.from(detail.value).toString("base64") };
  }
  const json = messageJson(schema, message, { registry: types });
  return typeof json === "object" && json !== null && !Array.isArray(json)
    ? { ...type, ...json }
    : { ...type, value: json };
}

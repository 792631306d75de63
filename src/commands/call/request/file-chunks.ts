import { resolve } from "node:path";
import { type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { describeSystemError, UsageError } from "../../../terminal/errors.ts";
import type { StreamHost } from "../../../terminal/host.ts";
import { findField } from "../field-path.ts";
import { openFile } from "./open-file.ts";

/** A file whose bytes go into a field of requests. */
export interface FileRequests {
  /** From the request to the field. */
  readonly path: readonly DescField[];
  /** Path of the file; `-` is standard input. */
  readonly file: string;
}

/**
 * Reads a value of `--file`: `field=path`, with or without `@` before the path.
 *
 * @throws UsageError when there is no such field, or it cannot hold a file
 */
export function parseFileFlag(value: string, request: DescMessage): FileRequests {
  const [, name, file] = /^([^=]+)=@?(.+)$/s.exec(value) ?? [];
  if (name === undefined || file === undefined) {
    throw new UsageError(`--file must be field=path, not "${value}"`);
  }
  const path = findField(request, name, "--file");
  const last = path.at(-1);
  if (path.some(({ fieldKind }, index) => fieldKind !== "message" && index < path.length - 1)) {
    throw new UsageError(`--file ${name}: only a field of messages can have fields`);
  }
  if (last?.fieldKind !== "scalar" || last.scalar !== ScalarType.BYTES) {
    throw new UsageError(`--file ${name}: the field must be of type bytes`);
  }
  return { path, file };
}

/** Reads a file in chunks of one size; the last one may be shorter. @throws UsageError */
export async function* fileChunks(
  file: string,
  chunkBytes: number,
  { cwd, input, ended }: Pick<StreamHost, "cwd" | "input"> & { readonly ended: AbortSignal },
): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  try {
    const source = file === "-" ? input : openFile(resolve(cwd, file), ended, chunkBytes);
    for await (const part of source) {
      let rest: Buffer = part;
      while (size + rest.length >= chunkBytes) {
        const end = chunkBytes - size;
        yield join([...parts, rest.subarray(0, end)]);
        rest = rest.subarray(end);
        parts = [];
        size = 0;
      }
      if (rest.length > 0) parts.push(rest);
      size += rest.length;
    }
  } catch (error) {
    const text = describeSystemError(error);
    throw text === undefined ? error : new UsageError(`--file ${file}: ${text}`);
  }
  if (size > 0) yield join(parts);
}

/** Puts bytes into a field of a message. Messages on the way to it are created. */
export function setBytes(
  schema: DescMessage,
  message: Message,
  path: readonly DescField[],
  bytes: Uint8Array,
): void {
  let place: ReflectMessage = reflect(schema, message);
  for (const field of path) {
    if (field.fieldKind !== "message") {
      place.set(field, bytes);
      return;
    }
    const inner = place.isSet(field) ? place.get(field) : reflect(field.message);
    place.set(field, inner);
    place = inner;
  }
}

function join(parts: readonly Buffer[]): Buffer {
  const [only, ...others] = parts;
  return only !== undefined && others.length === 0 ? only : Buffer.concat(parts);
}

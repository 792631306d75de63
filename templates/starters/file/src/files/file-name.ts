import { randomUUID } from "node:crypto";
import type { CallContext } from "grpc-service";
import { requireValid } from "grpc-service/error-details";

const key = "file-name";

/** The name in the metadata of a call, or a new one. @throws GrpcError INVALID_ARGUMENT */
export function requestedName(context: CallContext): string {
  const [value] = context.metadata.get(key);
  if (value === undefined) return `upload-${randomUUID()}`;
  const name = decoded(value.toString());
  requireValid({ [key]: name !== undefined || "must be percent-encoded UTF-8" });
  return name ?? "";
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Tells the caller the name of its file. Metadata is ASCII, names are not. */
export function sendName(context: CallContext, name: string): void {
  context.setHeader(key, encodeURIComponent(name));
}

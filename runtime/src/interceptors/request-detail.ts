import type { DescField } from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
  reflect,
} from "@bufbuild/protobuf/reflect";
import type { ServerCall } from "../call.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import { layer } from "../layer.ts";
import type { Logger } from "../logger/logger.ts";
import { isSecretName, redacted } from "../logger/secrets.ts";

/** Longer texts and lists are truncated. */
const maxLength = 200;

/**
 * Logs every request message at debug level. For development only: messages hold personal data. Fields
 * with secret names, or with `debug_redact` in the proto, are redacted.
 *
 * @example
 * ```ts
 * when({ environments: ["development"] }, requestDetail({ logger }))
 * ```
 */
export function requestDetail({ logger }: { logger: Logger }): ServerInterceptor {
  return layer<ServerCall>(function requestDetail(call) {
    const { method, requestId } = call;
    call.onRequest((message) => {
      if (!logger.isLevelEnabled("debug")) return;
      const request = shownMessage(reflect(method.descriptor.input, message));
      logger.debug({ requestId, method: method.path, request }, "request");
    });
    return undefined;
  });
}

function shownMessage(message: ReflectMessage): Record<string, unknown> {
  const fields = message.fields.filter((field) => message.isSet(field));
  return Object.fromEntries(
    fields.map((field) => [
      field.name,
      isSecret(field) ? redacted : shownValue(message.get(field)),
    ]),
  );
}

function isSecret({ name, proto }: DescField): boolean {
  return proto.options?.debugRedact === true || isSecretName(name);
}

function shownValue(value: unknown): unknown {
  if (isReflectMessage(value)) return shownMessage(value);
  if (isReflectList(value)) return [...value].slice(0, maxLength).map(shownValue);
  if (isReflectMap(value)) {
    return Object.fromEntries(
      [...value].map(([key, entry]) => [
        key,
        isSecretName(String(key)) ? redacted : shownValue(entry),
      ]),
    );
  }
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === "string") return value.slice(0, maxLength);
  return typeof value === "bigint" ? String(value) : value;
}

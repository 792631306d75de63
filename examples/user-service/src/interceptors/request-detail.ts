import type { DescField } from "@bufbuild/protobuf";
import {
  isReflectList,
  isReflectMap,
  isReflectMessage,
  type ReflectMessage,
  reflect,
} from "@bufbuild/protobuf/reflect";
import type { Logger } from "pino";
import type { ServerInterceptor } from "../gen/runtime/index.ts";
import { isSecretName, redacted } from "../logger.ts";

/** Longer texts and lists are cut. */
const maxLength = 200;

/**
 * Logs every request message at debug level, for development: messages hold personal data. What is
 * secret by its name, or by `debug_redact` in the proto, is redacted all the same.
 *
 * @example
 * ```ts
 * when({ environments: ["development"] }, requestDetail({ logger }))
 * ```
 */
export function requestDetail({ logger }: { logger: Logger }): ServerInterceptor {
  return async function showRequests(call, next) {
    const { method, requestId } = call;
    call.onRequest((message) => {
      if (!logger.isLevelEnabled("debug")) return;
      const request = shownMessage(reflect(method.descriptor.input, message));
      logger.debug({ requestId, method: method.path, request }, "request");
    });
    await next();
  };
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

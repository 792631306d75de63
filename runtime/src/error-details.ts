import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { type Any, anyPack, durationFromMs } from "@bufbuild/protobuf/wkt";
import { GrpcError } from "./error.ts";
import { BadRequestSchema, RetryInfoSchema } from "./rpc/google/rpc/error_details_pb.ts";

/**
 * Packs a message for the `details` of a `GrpcError`.
 *
 * @example
 * ```ts
 * throw new GrpcError("INVALID_ARGUMENT", "email is malformed", {
 *   details: [
 *     errorDetail(BadRequestSchema, {
 *       fieldViolations: [{ field: "email", description: "is malformed" }],
 *     }),
 *   ],
 * });
 * ```
 */
export function errorDetail<Desc extends DescMessage>(
  schema: Desc,
  init: MessageInitShape<Desc>,
): Any {
  return anyPack(schema, create(schema, init));
}

/**
 * The advice when to try again: a packed `google.rpc.RetryInfo`.
 *
 * @param delayMs milliseconds
 */
export function retryInfo(delayMs: number): Any {
  return errorDetail(RetryInfoSchema, { retryDelay: durationFromMs(delayMs) });
}

/**
 * Refuses a request with INVALID_ARGUMENT unless all checks are true. The caller gets one
 * `google.rpc.BadRequest` field violation for each check that is not.
 *
 * @param checks for each field, by its name in the proto: true, or what is wrong with it
 *
 * @example
 * ```ts
 * requireValid({ prompt: prompt !== "" || "must not be empty", limit: limit >= 0 || "must be at least 0" });
 * ```
 */
export function requireValid(checks: Readonly<Record<string, true | string>>): void {
  const fieldViolations = Object.entries(checks).flatMap(([field, description]) =>
    description === true ? [] : [{ field, description }],
  );
  if (fieldViolations.length === 0) return;
  const text = fieldViolations.map(({ field, description }) => `${field}: ${description}`);
  const details = [errorDetail(BadRequestSchema, { fieldViolations })];
  throw new GrpcError("INVALID_ARGUMENT", text.join("; "), { details });
}

export {
  type BadRequest,
  type BadRequest_FieldViolation,
  BadRequest_FieldViolationSchema,
  BadRequestSchema,
  type DebugInfo,
  DebugInfoSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  type Help,
  type Help_Link,
  Help_LinkSchema,
  HelpSchema,
  type LocalizedMessage,
  LocalizedMessageSchema,
  type PreconditionFailure,
  type PreconditionFailure_Violation,
  PreconditionFailure_ViolationSchema,
  PreconditionFailureSchema,
  type QuotaFailure,
  type QuotaFailure_Violation,
  QuotaFailure_ViolationSchema,
  QuotaFailureSchema,
  type RequestInfo,
  RequestInfoSchema,
  type ResourceInfo,
  ResourceInfoSchema,
  type RetryInfo,
  RetryInfoSchema,
} from "./rpc/google/rpc/error_details_pb.ts";
export { type Status, StatusSchema } from "./rpc/google/rpc/status_pb.ts";

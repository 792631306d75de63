import { create, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { type Any, anyPack } from "@bufbuild/protobuf/wkt";

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

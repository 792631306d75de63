import { GrpcError } from "../error.ts";
import { BadRequestSchema, errorDetail } from "../error-details.ts";

/** INVALID_ARGUMENT with a `google.rpc.BadRequest` that names the field. */
export function invalid(field: string, description: string): GrpcError {
  return new GrpcError("INVALID_ARGUMENT", `${field}: ${description}`, {
    details: [errorDetail(BadRequestSchema, { fieldViolations: [{ field, description }] })],
  });
}

import { GrpcError } from "grpc-service";
import { BadRequestSchema, errorDetail } from "grpc-service/error-details";

/** INVALID_ARGUMENT with a `google.rpc.BadRequest` that names the field or header. */
export function invalid(field: string, description: string): GrpcError {
  const details = [errorDetail(BadRequestSchema, { fieldViolations: [{ field, description }] })];
  return new GrpcError("INVALID_ARGUMENT", `${field}: ${description}`, { details });
}

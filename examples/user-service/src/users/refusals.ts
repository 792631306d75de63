import { GrpcError } from "grpc-service";
import { BadRequestSchema, errorDetail } from "grpc-service/error-details";
import type { UserMessages } from "./messages.ts";
import { DuplicateEmailError } from "./user-store.ts";

/**
 * Refuses a request with INVALID_ARGUMENT unless all checks are true. The caller gets one
 * `google.rpc.BadRequest` field violation for each check that is not.
 *
 * @param checks for each field: true, or what is wrong with it
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

/** For `.catch()`: a taken email becomes ALREADY_EXISTS. Any other error is thrown again. */
export function refuseDuplicate(messages: UserMessages): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof DuplicateEmailError)) throw error;
    throw new GrpcError("ALREADY_EXISTS", messages.emailTaken, { cause: error });
  };
}

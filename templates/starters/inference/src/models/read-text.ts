import { requireValid } from "grpc-service/error-details";

const maxLength = 10_000;

/**
 * Checks a text for the model. @throws GrpcError INVALID_ARGUMENT that names the field
 *
 * @param field its name in the proto
 */
export function readText(field: string, text: string): string {
  requireValid({
    [field]:
      (text.trim() === "" && "must not be empty") ||
      text.length <= maxLength ||
      `must have at most ${maxLength} characters`,
  });
  return text;
}

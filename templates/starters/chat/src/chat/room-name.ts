import type { CallContext } from "grpc-service";
import { requireValid } from "grpc-service/error-details";

/**
 * The room that the caller asks for by the header `room`; undefined without one.
 *
 * @throws GrpcError INVALID_ARGUMENT for more than one room, or a name that is not allowed.
 */
export function roomName({ metadata }: Pick<CallContext, "metadata">): string | undefined {
  const [name, ...others] = metadata.get("room").map(String);
  if (name === undefined) return undefined;
  requireValid({
    room:
      (others.length === 0 && /^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) ||
      "must be one name of 1 to 64 letters, digits, dots, dashes and underscores",
  });
  return name;
}

import { GrpcError } from "grpc-service";
import type { UserMessages } from "./messages.ts";
import { DuplicateEmailError } from "./user-store.ts";

/** For `.catch()`: a taken email becomes ALREADY_EXISTS. Any other error is thrown again. */
export function refuseDuplicate(messages: UserMessages): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof DuplicateEmailError)) throw error;
    throw new GrpcError("ALREADY_EXISTS", messages.emailTaken, { cause: error });
  };
}

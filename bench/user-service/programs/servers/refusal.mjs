// What the peers refuse, as an error that each stack turns into its own.

export class Refusal extends Error {
  /** @param code of gRPC */
  constructor(code, details) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

export const codes = { invalidArgument: 3, notFound: 5, alreadyExists: 6, permissionDenied: 7 };

export const invalid = (text) => new Refusal(codes.invalidArgument, text);
export const emailTaken = () => new Refusal(codes.alreadyExists, "another user has this email");

/** A user that may be shown. */
export function visible(user, id) {
  if (!user) throw new Refusal(codes.notFound, `user ${id} not found`);
  if (user.status === 2) throw new Refusal(codes.permissionDenied, `user ${id} is suspended`);
  return user;
}

export const uniqueViolation = "23505";

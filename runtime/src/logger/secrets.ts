const secretNames = ["authorization", "cookie", "password", "secret", "token"];

/** Stands in a log line for a secret. */
export const redacted = "[Redacted]";

/** Exact names whose values are never logged. */
export const redactedNames: readonly string[] = secretNames;

/** Whether a field of this name holds a secret: `password`, `new_password`, `refreshToken`. */
export function isSecretName(name: string): boolean {
  return secretNames.some((secret) => name.toLowerCase().includes(secret));
}

import { expect, test } from "vitest";
import { isSecretName } from "../../../runtime/src/logger/secrets.ts";

test("secrets are recognised by their names", () => {
  for (const name of ["password", "new_password", "accessToken", "client_secret"]) {
    expect(isSecretName(name), name).toBe(true);
  }
  for (const name of ["name", "email"]) expect(isSecretName(name), name).toBe(false);
});

import type { signToken } from "grpc-service/interceptors/auth";
import { importConfig, importPackage } from "../project/code.ts";
import { loadSettings } from "../project/settings.ts";
import { readVariables } from "../project/variables.ts";
import type { Report } from "../tasks/task.ts";

/** Runs in the child process: signs a token with the settings and the grpc-service of the project. */
export async function signProjectToken(
  root: string,
  [subject = "developer", ...scopes]: readonly string[],
  report: Report<"token">,
): Promise<void> {
  const { loadClientConfig } = await importConfig(root);
  const variables = readVariables(root, process.env);
  const { config, problems } = loadSettings(() => loadClientConfig(variables));
  if (config === undefined) throw new Error(problems.join("; "));
  const { auth } = config;
  if (auth.keys.kind === "jwks") {
    throw new Error("AUTH_JWKS_URL is set: get tokens from your identity provider");
  }
  type Auth = { readonly signToken: typeof signToken };
  const library = await importPackage<Auth>(root, "grpc-service/interceptors/auth");
  report({ token: await library.signToken(auth, subject, scopes) });
}

import { hostOf, isLoopback } from "../address.ts";
import type { EnvReader } from "./env-reader.ts";
import type { ServiceInfo } from "./service-info.ts";

/** Signs development tokens. It is public, so it is refused wherever other machines can connect. */
const developmentSecret = "development-only-secret-that-everybody-knows";

/** Which tokens are accepted. */
export interface TokenConfig {
  readonly keys: JwtKeys;
  readonly issuer: string;
  readonly audience: string;
  /** Seconds by which the clocks of signer and server may differ. */
  readonly clockToleranceS: number;
}

/** Whether calls need a token, and which tokens are accepted. */
export interface AuthConfig extends TokenConfig {
  /** False: calls need no token. */
  readonly required: boolean;
}

/** The keys that verify tokens: a key set (JWKS) or a shared secret (HS256). */
export type JwtKeys =
  | { readonly kind: "jwks"; readonly url: URL }
  | { readonly kind: "secret"; readonly secret: string };

/** Reads the AUTH settings. Problems are collected in `env`. */
export function readAuthConfig(env: EnvReader, service: ServiceInfo): AuthConfig {
  env.section("Tokens (JWT)");
  const required = env.onOff(
    "AUTH",
    "Whether calls need a token. off is for servers behind a mesh or a proxy only.",
    true,
  );
  const url = env.url("AUTH_JWKS_URL", "URL of the key set (JWKS) of your identity provider.", [
    "https:",
    "http:",
  ]);
  const secret = env.text(
    "AUTH_JWT_SECRET",
    "Shared secret (HS256) instead, at least 32 bytes: openssl rand -hex 32",
    undefined,
  );
  if (url !== undefined && secret !== undefined) {
    env.reject("AUTH_JWKS_URL", "and AUTH_JWT_SECRET exclude each other: set one");
  }
  if (url?.protocol === "http:" && !isLoopback(url.hostname)) {
    env.reject("AUTH_JWKS_URL", "must start with https://, or others could replace the keys");
  }
  if (secret !== undefined && Buffer.byteLength(secret) < 32) {
    env.reject("AUTH_JWT_SECRET", "must have at least 32 bytes");
  }
  return {
    required,
    keys: url ? { kind: "jwks", url } : { kind: "secret", secret: secret ?? developmentSecret },
    // No fallback in `text`: a copied .env.example would then set what production must set itself.
    issuer:
      env.text(
        "AUTH_ISSUER",
        "Required `iss` of every token. Must be set in production. Default elsewhere: development.",
        undefined,
      ) ?? "development",
    audience:
      env.text(
        "AUTH_AUDIENCE",
        "Required `aud` of every token. Must be set in production. Default elsewhere: the service's name.",
        undefined,
      ) ?? service.name,
    clockToleranceS: env.unlisted(() =>
      env.integer(
        "AUTH_CLOCK_TOLERANCE_S",
        "Seconds by which the clocks of signer and server may differ.",
        5,
        { min: 0, max: 300 },
      ),
    ),
  };
}

/**
 * Rejects token settings that are too weak for where the server runs. The development secret is for
 * callers on this machine only. Keys of your own need an issuer and an audience. AUTH=off is
 * explicit, so it is allowed; the server logs a warning at every start.
 */
export function refuseWeakAuth(
  env: EnvReader,
  server: { environment: string; address: string; auth: AuthConfig },
): void {
  const { keys, required } = server.auth;
  if (!required) return;
  const production = server.environment === "production";
  const open = keys.kind === "secret" && keys.secret === developmentSecret;
  if (open && production) {
    env.reject("AUTH_JWKS_URL", "or AUTH_JWT_SECRET must be set when ENV=production");
  } else if (open && !isLoopback(hostOf(server.address))) {
    env.reject("ADDRESS", "can be reached by others: set AUTH_JWKS_URL or AUTH_JWT_SECRET too");
  }
  if (!production && keys.kind === "secret") return;
  for (const name of ["AUTH_ISSUER", "AUTH_AUDIENCE"]) {
    if (env.isSet(name)) continue;
    env.reject(name, `must be set ${production ? "when ENV=production" : "with AUTH_JWKS_URL"}`);
  }
}

import { serviceName } from "../version.ts";
import { type EnvReader, isLoopback } from "./env-reader.ts";

/** Signs development tokens. Public, hence refused wherever somebody else could use it. */
const developmentSecret = "development-only-secret-that-everybody-knows";

/** Who may sign tokens, and for whom. */
export interface TokenConfig {
  readonly keys: JwtKeys;
  readonly issuer: string;
  readonly audience: string;
  /** How far the clock of whoever signs may be off, in seconds. */
  readonly clockToleranceS: number;
}

export interface AuthConfig extends TokenConfig {
  /** False: nobody is asked for a token. */
  readonly required: boolean;
}

export type JwtKeys =
  | { readonly kind: "jwks"; readonly url: URL }
  | { readonly kind: "secret"; readonly secret: string };

export function readAuthConfig(env: EnvReader): AuthConfig {
  env.section("Tokens: signed by an identity provider, or by whoever has the secret");
  const required = env.onOff(
    "AUTH",
    "whether calls need a token; off is for servers that only a mesh or a proxy can reach",
    true,
  );
  const url = env.url("AUTH_JWKS_URL", "key set of your identity provider", ["https:", "http:"]);
  const secret = env.text(
    "AUTH_JWT_SECRET",
    "shared secret (HS256) instead, at least 32 bytes: openssl rand -hex 32",
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
    issuer: env.text(
      "AUTH_ISSUER",
      "`iss` of every token; must be set in production",
      "development",
    ),
    audience: env.text(
      "AUTH_AUDIENCE",
      "`aud` of every token; must be set in production",
      serviceName,
    ),
    clockToleranceS: env.integer(
      "AUTH_CLOCK_TOLERANCE_S",
      "seconds by which the clocks of signer and server may differ",
      5,
      { min: 0, max: 300 },
    ),
  };
}

/**
 * Refuses to serve with less than the place demands: the development secret is for callers on this
 * machine only, and whoever brings keys says whose tokens they sign, and for whom. AUTH=off demands
 * nothing: it is said in so many words, and the log warns of it at every start.
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
  } else if (open && !isLoopback(server.address.replace(/:\d+$/, ""))) {
    env.reject("ADDRESS", "can be reached by others: set AUTH_JWKS_URL or AUTH_JWT_SECRET too");
  }
  if (!production && keys.kind === "secret") return;
  for (const name of ["AUTH_ISSUER", "AUTH_AUDIENCE"]) {
    if (env.isSet(name)) continue;
    env.reject(name, `must be set ${production ? "when ENV=production" : "with AUTH_JWKS_URL"}`);
  }
}

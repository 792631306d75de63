import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * Makes `.env` of `.env.example`, or takes the one that is there, and gives a random value to each
 * secret that has none: the key that signs tokens, unless a key set does, and what
 * docker-compose.yml insists on. What is set stays as it is.
 */
function main(): void {
  const present = existsSync(".env");
  let text = readFileSync(present ? ".env" : ".env.example", "utf8");
  const made = secretNames(parseEnv(text));
  for (const name of made) text = withValue(text, name, randomBytes(32).toString("hex"));
  if (present && made.length === 0) return;
  writeFileSync(".env", text, { mode: 0o600 }); // yours alone
  console.log(`.env: ${["made", ...made].join(" ")}`);
}

function secretNames(env: NodeJS.Dict<string>): string[] {
  const compose = readFileSync("docker-compose.yml", "utf8");
  const required = [...compose.matchAll(/\$\{(\w+):\?/g)].flatMap(([, name]) => name ?? []);
  const names = new Set(env.AUTH_JWKS_URL ? required : ["AUTH_JWT_SECRET", ...required]);
  return [...names].filter((name) => !env[name]);
}

function withValue(text: string, name: string, value: string): string {
  const line = new RegExp(`^(?:# *)?${name}=.*$`, "m");
  return line.test(text)
    ? text.replace(line, `${name}=${value}`)
    : `${text.trimEnd()}\n${name}=${value}\n`;
}

main();

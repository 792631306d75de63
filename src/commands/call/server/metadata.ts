import { resolve } from "node:path";
import { Metadata } from "@grpc/grpc-js";
import { textOf } from "../../../../runtime/src/error.ts";
import { addEntry } from "../../../../runtime/src/metadata.ts";
import { problemOf, readSmallFile } from "../../../reflection/small-file.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { Host } from "../../../terminal/host.ts";
import { withoutBom } from "../../../terminal/without-bom.ts";
import type { ServerFlags } from "../flags.ts";
import type { ServerSettings } from "./settings.ts";

/**
 * The metadata of every call: that of `-H`, and a token. In a project in development, the token is signed
 * as `grpc-service token` does.
 *
 * @throws UsageError for entries that cannot be sent
 */
export async function readMetadata(
  flags: ServerFlags,
  settings: ServerSettings,
  { cwd }: Host,
): Promise<Metadata> {
  const metadata = new Metadata();
  addEntries(metadata, "-H", flags.header, cwd);
  requireOneToken(flags, metadata);
  if (metadata.get("authorization").length > 0) return metadata;
  const token = await tokenOf(flags, settings, cwd);
  if (token === undefined) return metadata;
  if (!/^[!-~]+$/.test(token)) throw new UsageError("--token must be one word of ASCII");
  metadata.set("authorization", `Bearer ${token}`);
  return metadata;
}

/** @throws UsageError when flags contradict each other */
function requireOneToken({ token, anonymous }: ServerFlags, metadata: Metadata): void {
  if (token === undefined) return;
  if (anonymous === true) throw new UsageError("--token and --anonymous exclude each other");
  if (metadata.get("authorization").length > 0) {
    throw new UsageError("--token and -H authorization exclude each other");
  }
}

/** The metadata of reflection: that of every call, and of `--reflect-header`. @throws UsageError */
export function forReflection(metadata: Metadata, flags: ServerFlags, { cwd }: Host): Metadata {
  const copy = metadata.clone();
  addEntries(copy, "--reflect-header", flags["reflect-header"], cwd);
  return copy;
}

function addEntries(
  metadata: Metadata,
  flag: string,
  values: readonly string[] | undefined = [],
  cwd: string,
): void {
  for (const line of values.flatMap((value) => linesOf(flag, value, cwd))) {
    const { key, value } = parseEntry(flag, line);
    try {
      addEntry(metadata, key, value);
    } catch (error) {
      throw new UsageError(`${flag} ${JSON.stringify(line)}: ${textOf(error)}`);
    }
  }
}

/** `@file` stands for the lines of the file, without empty ones and comments. */
function linesOf(flag: string, value: string, cwd: string): string[] {
  if (!value.startsWith("@")) return [value];
  return readText(flag, value.slice(1), cwd)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

function parseEntry(
  flag: string,
  line: string,
): { readonly key: string; readonly value: string | Buffer } {
  const colon = line.indexOf(":");
  if (colon < 1) throw new UsageError(`${flag} must be "name: value", not ${JSON.stringify(line)}`);
  const key = line.slice(0, colon).trim().toLowerCase();
  const value = line.slice(colon + 1).trim();
  if (!key.endsWith("-bin")) return { key, value };
  if (!/^[\w+/-]*={0,2}$/.test(value)) {
    throw new UsageError(`${flag} ${key}: the value of a -bin entry must be base64`);
  }
  return { key, value: Buffer.from(value, "base64") };
}

async function tokenOf(
  { token, anonymous, subject = "developer", scope = [] }: ServerFlags,
  { client }: ServerSettings,
  cwd: string,
): Promise<string | undefined> {
  if (token?.startsWith("@")) return readText("--token", token.slice(1), cwd).trim();
  if (token !== undefined) return token;
  if (anonymous === true || client === undefined) return undefined;
  if (client.token !== undefined) return client.token;
  const { auth, environment } = client;
  if (!auth.required || auth.keys.kind !== "secret" || environment === "production") {
    return undefined;
  }
  const { signToken } = await import("../../../../runtime/src/interceptors/auth/sign-token.ts");
  return signToken(auth, subject, scope);
}

function readText(flag: string, path: string, cwd: string): string {
  try {
    return withoutBom(readSmallFile(resolve(cwd, path)).toString("utf8"));
  } catch (error) {
    throw new UsageError(`${flag} @${path}: ${problemOf(error)}`);
  }
}

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withProjectLock } from "../../scaffold/disk/project-lock.ts";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { cannot, checkFile, checkFolder, writePrivateFile } from "../project/private-file.ts";
import { readAuthority } from "./authority.ts";
import { certificateNames, createCertificates } from "./create-certificates.ts";

/**
 * Creates certificates for TLS and mutual TLS on this machine, in certs/. For development only. Replaces
 * existing files: all of them, or none if openssl fails. An existing authority is kept, and signs the new
 * certificates.
 */
export async function certs(
  { flags }: { readonly flags: { readonly force?: boolean | undefined } },
  host: Host,
): Promise<number> {
  const { root } = findProject(host.cwd);
  const isForced = flags.force === true;
  const run = (host: Host) => writeCertificates(root, isForced, host);
  return withProjectLock(root, "grpc-service certs", host, run);
}

async function writeCertificates(root: string, isForced: boolean, host: Host): Promise<number> {
  const files = certificateNames.flatMap((name) => [`${name}.key`, `${name}.crt`]);
  checkFolder(root, folder);
  for (const file of files) checkFile(root, `${folder}/${file}`);
  const replaces = isForced && existsSync(join(root, folder, "ca.crt"));
  const kept = isForced ? undefined : readAuthority(root);
  const scratch = await makeScratch();
  try {
    await createCertificates(scratch, host, kept);
    await mkdir(join(root, folder), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw cannot("create", folder, error);
    });
    for (const file of files) {
      if (kept !== undefined && file.startsWith("ca.")) continue;
      writePrivateFile(root, `${folder}/${file}`, await readFile(join(scratch, file)));
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  for (const name of certificateNames) {
    const note = name === "ca" ? authorityNote(kept !== undefined, replaces) : "";
    host.print(`${folder}/${name}.crt  ${folder}/${name}.key${note}\n`);
  }
  return 0;
}

function authorityNote(isKept: boolean, replaces: boolean): string {
  if (isKept) return "  (kept, --force makes a new authority)";
  return replaces ? "  (new: replace the old ca.crt wherever it is trusted)" : "";
}

const folder = "certs";

async function makeScratch(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "certs-"));
  } catch (error) {
    throw cannot("write", tmpdir(), error);
  }
}

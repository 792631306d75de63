import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { certificateNames, createCertificates } from "./create-certificates.ts";

/**
 * Creates certificates for TLS and mutual TLS on this machine, in certs/. For development only. Replaces
 * existing files: all of them, or none if openssl fails.
 */
export async function certs(_input: unknown, host: Host): Promise<number> {
  const { root } = findProject(host.cwd);
  const scratch = await mkdtemp(join(tmpdir(), "certs-"));
  try {
    await createCertificates(scratch, host);
    await mkdir(join(root, "certs"), { recursive: true, mode: 0o700 });
    for (const name of certificateNames) {
      for (const file of [`${name}.key`, `${name}.crt`]) {
        await install(join(scratch, file), join(root, "certs", file));
      }
      host.print(`certs/${name}.crt  certs/${name}.key\n`);
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  return 0;
}

/** Copies a file so that only this user can read it, from the first byte. */
async function install(source: string, target: string): Promise<void> {
  const content = await readFile(source);
  await rm(target, { force: true }); // an existing file would keep its mode
  await writeFile(target, content, { mode: 0o600, flag: "wx" });
}

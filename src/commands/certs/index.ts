import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Host } from "../../terminal/host.ts";
import { findProject } from "../project/find-project.ts";
import { cannot, checkFile, checkFolder, writePrivateFile } from "../project/private-file.ts";
import { certificateNames, createCertificates } from "./create-certificates.ts";

/**
 * Creates certificates for TLS and mutual TLS on this machine, in certs/. For development only. Replaces
 * existing files: all of them, or none if openssl fails.
 */
export async function certs(_input: unknown, host: Host): Promise<number> {
  const { root } = findProject(host.cwd);
  const files = certificateNames.flatMap((name) => [`${name}.key`, `${name}.crt`]);
  checkFolder(root, folder);
  for (const file of files) checkFile(root, `${folder}/${file}`);
  const scratch = await makeScratch();
  try {
    await createCertificates(scratch, host);
    await mkdir(join(root, folder), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw cannot("create", folder, error);
    });
    for (const file of files) {
      writePrivateFile(root, `${folder}/${file}`, await readFile(join(scratch, file)));
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  for (const name of certificateNames) {
    host.print(`${folder}/${name}.crt  ${folder}/${name}.key\n`);
  }
  return 0;
}

const folder = "certs";

async function makeScratch(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), "certs-"));
  } catch (error) {
    throw cannot("write", tmpdir(), error);
  }
}

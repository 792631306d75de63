import { execFileSync, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** Paths of fresh certificates in `folder`, as `npm run certs` makes them. */
export function makeCertificates(folder: string) {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const script = fileURLToPath(new URL("../scripts/certs.ts", import.meta.url));
  execFileSync(process.execPath, ["--import", tsx, script], { cwd: folder, stdio: "pipe" });
  const file = (name: string) => join(folder, "certs", name);
  return {
    ca: file("ca.crt"),
    server: { cert: file("server.crt"), key: file("server.key") },
    client: { cert: file("client.crt"), key: file("client.key") },
  };
}

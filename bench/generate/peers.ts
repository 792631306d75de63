import { join } from "node:path";
import { cacheFolder } from "../../tooling/corpus/cache.ts";
import { install } from "../install.ts";

/** Programs that we compare with; pinned, so that numbers can be compared, too. */
const dependencies = {
  "@protobuf-ts/plugin": "2.11.1",
  "create-vite": "9.3.0",
  "ts-proto": "2.18.0",
};

/** Installs the peers once and returns the folder of each. */
export async function installPeers(): Promise<(peer: keyof typeof dependencies) => string> {
  const folder = join(cacheFolder, "peers");
  await install(folder, dependencies);
  return (peer) => join(folder, "node_modules", peer);
}

import { join } from "node:path";
import { install } from "../../install.ts";
import { sandboxFolder } from "./peers.ts";

/** The versions behind `--node`; pinned, so that figures can be compared. */
const versions: Readonly<Record<string, string>> = {
  "20": "20.20.0",
  "22": "22.23.3",
  "24": "24.21.0",
  "26": "26.10.0",
};

/**
 * Fetches a Node once.
 *
 * @param major the one that runs this when undefined
 * @returns path of its executable
 * @throws Error when there is no pin for it.
 */
export async function nodeExecutable(major: string | undefined): Promise<string> {
  if (major === undefined || major === process.versions.node.split(".")[0]) return process.execPath;
  const version = versions[major];
  if (version === undefined) throw new Error(`--node takes ${Object.keys(versions).join(", ")}`);
  const folder = join(sandboxFolder, "nodes", major);
  // The package `node` picks this one in a script of its own, which we do not run.
  const name = `node-${process.platform}-${process.arch}`;
  await install(folder, { [name]: version });
  return join(folder, "node_modules", name, "bin", "node");
}

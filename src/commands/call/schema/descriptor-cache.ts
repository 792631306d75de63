import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageVersion } from "../../../package-root.ts";
import { readIfPresent } from "../../project/variables.ts";

/** Where descriptors of a project are kept, relative to its root. */
const folder = "node_modules/.cache/grpc-service";
const extension = ".binpb";

/** Compiled protos of a project, kept under the hash of everything that they were compiled from. */
export class DescriptorCache {
  readonly #folder: string;
  readonly #file: string;

  private constructor(root: string, key: string) {
    this.#folder = join(root, folder);
    this.#file = key + extension;
  }

  /** The cache for the present state of a project; undefined if its protos import from other folders. */
  static of(root: string): DescriptorCache | undefined {
    const config = readIfPresent(join(root, "buf.yaml")) ?? "";
    const modules = [...config.matchAll(/^\s*-?\s*path:\s*(\S+)/gm)].map(([, path]) => path);
    if (modules.join() !== "proto") return undefined;
    const hash = createHash("sha256").update(packageVersion());
    const add = (name: string, content: string | Uint8Array) => {
      // Lengths, so that no content can look like two.
      hash.update(`\0${name}\0${content.length}\0`).update(content);
    };
    add("buf.yaml", config);
    add("buf.lock", readIfPresent(join(root, "buf.lock")) ?? "");
    const files = readdirSync(join(root, "proto"), { recursive: true, encoding: "utf8" });
    for (const name of files.filter((path) => path.endsWith(".proto")).sort()) {
      add(name, readFileSync(join(root, "proto", name)));
    }
    return new DescriptorCache(root, hash.digest("hex"));
  }

  read(): Uint8Array | undefined {
    try {
      return readFileSync(join(this.#folder, this.#file));
    } catch {
      // Not there, or not for us: it is compiled again.
      return undefined;
    }
  }

  /** Replaces what was kept. A folder that cannot be written is not a problem. */
  write(bytes: Uint8Array): void {
    const staged = join(this.#folder, randomBytes(6).toString("hex"));
    try {
      mkdirSync(this.#folder, { recursive: true });
      // Folders are caches of others.
      const old = readdirSync(this.#folder).filter((name) => name.endsWith(extension));
      for (const name of old) rmSync(join(this.#folder, name), { force: true });
      writeFileSync(staged, bytes);
      renameSync(staged, join(this.#folder, this.#file));
    } catch {
      rmSync(staged, { force: true });
    }
  }
}

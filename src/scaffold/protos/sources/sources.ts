import { createHash } from "node:crypto";
import { UsageError } from "../../../terminal/errors.ts";
import { isWellKnown } from "../names.ts";
import { maxFiles } from "./proto-folder.ts";
import type { ProtoSource } from "./proto-source.ts";

/** Files by import path. */
export class Sources {
  readonly #files = new Map<string, ProtoSource>();
  readonly #contents = new Set<string>();

  get files(): ReadonlyMap<string, ProtoSource> {
    return this.#files;
  }

  /**
   * Adds a file.
   *
   * @throws UsageError when another file has the path
   */
  add(path: string, source: ProtoSource): void {
    if (isWellKnown(path)) return;
    const known = this.#files.get(path);
    if (known !== undefined && !known.content.equals(source.content)) {
      throw new UsageError(
        `${known.shown} and ${source.shown} would both be proto/${path}; give --proto only one of them or its folder`,
      );
    }
    this.#files.set(path, known ?? source);
    this.#contents.add(digest(source));
    if (this.#files.size > maxFiles) {
      throw new UsageError(`more than ${maxFiles} .proto files; pass only the ones you need`);
    }
  }

  /** Whether a file with the same content is there: a copy would declare everything twice. */
  hasCopyOf(source: ProtoSource): boolean {
    return this.#contents.has(digest(source));
  }
}

function digest({ content }: ProtoSource): string {
  return createHash("sha256").update(content).digest("base64");
}

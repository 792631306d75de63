import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "./durable.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";

/** A file is a folder with these two: a rename moves both at once. */
export const dataFile = "data";
export const recordFile = "about.json";

/**
 * Where a store keeps what. No path has a text of a caller in it: owners and names are hashed, so that
 * none can leave the folder, be too long, or mean another file on a file system that ignores case.
 *
 * - `files/<owner>/<name>/` has the files,
 * - `uploads/<owner>/<id>/` what can be continued,
 * - `tmp/` what is being written or removed. It is emptied at start,
 * - `lock` keeps other processes away.
 */
export class Layout {
  #root: string | undefined;
  #lock: FolderLock | undefined;
  #removeAtEnd = false;

  /**
   * @param folder is made if it is missing. Undefined: a temporary one, until `close`.
   * @throws Error in one line when another process has the folder
   */
  async open(folder: string | undefined): Promise<void> {
    const path = folder ?? (await mkdtemp(join(tmpdir(), "files-")));
    this.#removeAtEnd = folder === undefined;
    await mkdir(path, { recursive: true, mode: 0o700 });
    const root = await realpath(path);
    this.#lock = await lockFolder(join(root, "lock"), `the folder ${root}`);
    this.#root = root;
    await rm(this.temporary, { recursive: true, force: true });
    for (const part of [this.files, this.uploads, this.temporary]) await makeFolder(part);
  }

  async close(): Promise<void> {
    await this.#lock?.release();
    if (this.#removeAtEnd && this.#root !== undefined) {
      await rm(this.#root, { recursive: true, force: true });
    }
  }

  get isOpen(): boolean {
    return this.#root !== undefined;
  }

  /** Absolute, without symbolic links. */
  get root(): string {
    if (this.#root === undefined) throw new Error("the file store is not open");
    return this.#root;
  }

  get files(): string {
    return join(this.root, "files");
  }

  get uploads(): string {
    return join(this.root, "uploads");
  }

  get temporary(): string {
    return join(this.root, "tmp");
  }

  filesOf(owner: string): string {
    return join(this.files, keyOf(owner));
  }

  file(owner: string, key: string): string {
    return join(this.filesOf(owner), key);
  }

  uploadsOf(owner: string): string {
    return join(this.uploads, keyOf(owner));
  }

  upload(owner: string, id: string): string {
    return join(this.uploadsOf(owner), id);
  }

  /** A path that nothing has yet. */
  unused(): string {
    return join(this.temporary, randomUUID());
  }
}

/** 128 bits of a SHA-256 in hex. */
export function keyOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Whether a text may be a key: a page token of a caller, a name in a folder. */
export function isKey(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/** An id for an upload, which says what file it is for: see `fileOfUpload`. */
export function newUploadId(name: string): string {
  return `${keyOf(name)}-${randomUUID().replaceAll("-", "")}`;
}

/** Whether a text may be the id of an upload. */
export function isUploadId(text: string): boolean {
  return fileOfUpload(text) !== undefined;
}

/** The key of the file that an upload is for. Undefined: it is no id. */
export function fileOfUpload(id: string): string | undefined {
  return /^([0-9a-f]{32})-[0-9a-f]{32}$/.exec(id)?.[1];
}

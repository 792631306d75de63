import { temporaryFolders } from "../support/temporary-folders.ts";
import { openStore, textOf } from "./store.ts";

export const newFolder = temporaryFolders();

/** A store with one file at most, which tests read as a text. */
export async function start(limits: Parameters<typeof openStore>[1] = {}) {
  const store = await openStore(newFolder(), limits);
  return {
    uploads: store.uploads,
    used: () => store.usedBytes,
    text: () => textOf(store.read("ada", "a")),
  };
}

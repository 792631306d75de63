import type { Resource } from "../app/resource.ts";
import type { Logger } from "../logger/logger.ts";
import type { FileStore } from "./file-store.ts";

/** Time between two looks for abandoned uploads, in milliseconds. */
const sweepMs = 60_000;

/**
 * A file store as a resource, for start, health and stop. It removes abandoned uploads at start, and once
 * per minute.
 */
export function fileStoreResource(files: FileStore, { logger }: { logger: Logger }): Resource {
  let timer: NodeJS.Timeout | undefined;
  let sweeping: Promise<void> | undefined;
  const sweep = async (): Promise<void> => {
    try {
      const removed = await files.uploads.removeAbandoned();
      if (removed > 0) logger.info({ removed }, "abandoned uploads were removed");
    } catch (err) {
      logger.error({ err }, "abandoned uploads cannot be removed");
    }
    sweeping = undefined;
  };
  return {
    async open() {
      await files.open();
      await sweep();
      timer = setInterval(() => {
        sweeping ??= sweep();
      }, sweepMs).unref();
    },
    check: () => files.check(),
    async close() {
      clearInterval(timer);
      await sweeping;
      await files.close();
    },
  };
}

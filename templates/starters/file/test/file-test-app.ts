import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClientInterceptor } from "grpc-service";
import { bearer, type ClientOptions } from "grpc-service/client";
import { signToken } from "grpc-service/interceptors/auth";
import { collect } from "grpc-service/testing";
import { afterEach, beforeEach } from "vitest";
import type { Dependencies } from "../src/dependencies.ts";
import { FileServiceClient, UploadServiceClient } from "../src/gen/file_client.ts";
import { startApp } from "./start-app.ts";

/** Clients of one caller. */
export interface Caller {
  readonly files: FileServiceClient;
  readonly uploads: UploadServiceClient;
}

/** A running app with an empty folder for each test, and its callers. */
export interface FileTestApp {
  /** Sends a valid token with every call. */
  readonly ada: Caller;
  /** Has a token with another subject. */
  readonly grace: Caller;
  /** Sends no token. */
  readonly anonymous: Caller;
  readonly store: Dependencies["files"];
  /** A client of ada with an interceptor. */
  uploadsWith(interceptor: ClientInterceptor): UploadServiceClient;
  /** Stops the server, and starts it on the same folder. */
  restart(): Promise<void>;
}

/** Starts an app before each test of the file and stops it after. */
export function useFileTestApp(variables: Readonly<Record<string, string>> = {}): FileTestApp {
  let folder: string;
  let app: Awaited<ReturnType<typeof startApp>>;
  const start = async (): Promise<void> => {
    app = await startApp({ variables: { ...variables, FILES_FOLDER: folder }, subject: "ada" });
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "files-test-"));
    await start();
  });
  afterEach(async () => {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  });
  const caller = (options: () => ClientOptions): Caller => ({
    get files() {
      return app.client(FileServiceClient, options());
    },
    get uploads() {
      return app.client(UploadServiceClient, options());
    },
  });
  return {
    ada: caller(() => app.options),
    grace: caller(() => ({ interceptors: [bearer(() => signToken(app.config.auth, "grace"))] })),
    anonymous: caller(() => app.anonymous),
    get store() {
      return app.dependencies.files;
    },
    uploadsWith(interceptor) {
      const { interceptors = [], ...options } = app.options;
      const all = typeof interceptors === "function" ? [] : [interceptor, ...interceptors];
      return app.client(UploadServiceClient, { ...options, interceptors: all });
    },
    async restart() {
      await app.close();
      await start();
    },
  };
}

/** Messages with these texts as bytes. */
export function chunks(...texts: readonly string[]): { data: Uint8Array }[] {
  return texts.map((text) => ({ data: Buffer.from(text) }));
}

/** Options of an upload that names its file. */
export function named(name: string) {
  return { metadata: { "file-name": encodeURIComponent(name) } };
}

/** The text that a download sends. */
export async function textOf(messages: AsyncIterable<{ data: Uint8Array }>): Promise<string> {
  return Buffer.concat((await collect(messages)).map(({ data }) => data)).toString();
}

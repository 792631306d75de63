/** Files in a folder: written durably as they arrive, uploads that can be continued, quotas, ranges. */
export { type FileLimits, type FilesConfig, readFilesConfig } from "./config.ts";
export { checkFileName } from "./file-name.ts";
export type { ByteRange } from "./file-reader.ts";
export { type FilePage, FileStore, type FileStoreOptions } from "./file-store.ts";
export { fileStoreResource } from "./resource.ts";
export type { StoredFile, StoredUpload } from "./stored-file.ts";
export type { Uploads } from "./uploads.ts";

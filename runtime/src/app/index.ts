/** Complete servers, and the program around them. */
export { AppServer } from "./app-server.ts";
export type { App, AppOptions } from "./lifecycle.ts";
export { PlainServer, type PlainServerOptions } from "./plain-server.ts";
export { reason } from "./reason.ts";
export type { Resource, Resources } from "./resource.ts";
export { type Program, type RunConfig, run } from "./run.ts";

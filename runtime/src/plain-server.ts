/** Our services, with their interceptors and limits, on a `grpc.Server` of your own. */
export { guardConnections } from "./server/connection-guard.ts";
export { channelOptionsOf } from "./server/limits.ts";
export { toImplementation } from "./server/to-implementation.ts";

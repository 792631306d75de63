/** Handlers that were written for grpc-js, as they are, on an AppServer. */
export { type AdoptedService, adopt } from "./adopt.ts";

/** Connections of clients by settings: what demo clients, tools and health checks use. */
export { type Connection, type ConnectOptions, connect } from "./connect.ts";
export { mayCall } from "./may-call.ts";
export { messagePrinter } from "./message-printer.ts";
export { runClient } from "./run-client.ts";
export { unreachable } from "./unreachable.ts";

/** Whether a key of metadata belongs to HTTP/2, gRPC or one connection, and not to the application. */
export function isOfTransport(key: string): boolean {
  return key.startsWith("grpc-") || transportKeys.has(key);
}

const transportKeys: ReadonlySet<string> = new Set([
  ...["connection", "content-length", "content-type", "date", "host", "te", "user-agent"],
]);

// What the benchmark wants of a server: `port`, 0 for any, and `channelOptions` of grpc-js.

export const { port = 0, channelOptions = {} } = JSON.parse(process.argv[2] ?? "{}");
export const address = `127.0.0.1:${port}`;
/** How long a stack that asks for it waits for calls when it stops. */
export const graceMs = 2000;

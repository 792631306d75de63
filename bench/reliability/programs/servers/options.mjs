// What the benchmark wants of a server: `port`, 0 for any; `maxStreams` of a connection; `graceMs`, how
// long a stack that asks for it waits for calls when it stops; `channelOptions` of grpc-js; and
// `limits` of ours.

const settings = JSON.parse(process.argv[2] ?? "{}");
export const { port = 0, maxStreams, graceMs = 2000, limits = {} } = settings;
export const address = `127.0.0.1:${port}`;
export const channelOptions = {
  ...(maxStreams && { "grpc.max_concurrent_streams": maxStreams }),
  ...settings.channelOptions,
};

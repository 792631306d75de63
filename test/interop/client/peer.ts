import { type ChannelCredentials, type ChannelOptions, compressionAlgorithms } from "@grpc/grpc-js";
import { TestServiceClient, UnimplementedServiceClient } from "../gen/grpc/testing/test_client.ts";

/** A server under test, as its clients see it. */
export interface Peer {
  readonly test: TestServiceClient;
  /** The same service through a channel that compresses every request. */
  readonly compressing: TestServiceClient;
  readonly unimplemented: UnimplementedServiceClient;
  close(): void;
}

/** Longer than a slow machine takes, shorter than a test runner waits. */
const timeouts = { unaryTimeoutMs: 50_000, streamTimeoutMs: 50_000 };

/** @param channelOptions of grpc-js, for example to override the name of the host */
export function connectPeer(
  address: string,
  credentials: ChannelCredentials,
  channelOptions: ChannelOptions = {},
): Peer {
  const options = { credentials, channelOptions, ...timeouts };
  const gzip = { "grpc.default_compression_algorithm": compressionAlgorithms.gzip };
  const clients = {
    test: new TestServiceClient(address, options),
    compressing: new TestServiceClient(address, {
      ...options,
      channelOptions: { ...channelOptions, ...gzip },
    }),
    unimplemented: new UnimplementedServiceClient(address, options),
  };
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.close();
    },
  };
}

import { credentials } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { createChannel } from "../../../runtime/src/client/index.ts";
import {
  authorityAttributes,
  peerAttributes,
  rememberLast,
  targetAttributes,
} from "../../../runtime/src/interceptors/span-attributes.ts";
import { cleanUp } from "../support/echo.ts";

// Most are examples of the conventions for gRPC.
test.each([
  ["grpc.io:50051", "grpc.io", 50_051],
  ["grpc.io", "grpc.io", undefined],
  ["dns:grpc.io:50051", "grpc.io", 50_051],
  ["dns:///grpc.io:50051", "grpc.io", 50_051],
  ["dns://1.2.3.4/grpc.io:50051", "grpc.io", 50_051],
  ["ipv4:198.51.100.123:50051", "198.51.100.123", 50_051],
  ["ipv6:[2001:db8::1]:50051", "2001:db8::1", 50_051],
  ["[::1]:50051", "::1", 50_051],
  ["unix:///run/containerd.sock", "/run/containerd.sock", undefined],
  ["unix:/run/containerd.sock", "/run/containerd.sock", undefined],
  ["zk://zookeeper:2181/my-server", "zk://zookeeper:2181/my-server", undefined],
  ["ipv4:1.2.3.4:50051,1.2.3.5:50051", "ipv4:1.2.3.4:50051,1.2.3.5:50051", undefined],
])("the target %s", (target, address, port) => {
  const expected = {
    "server.address": address,
    ...(port !== undefined && { "server.port": port }),
  };
  expect(targetAttributes(target)).toEqual(expected);
});

test.each(["127.0.0.1:50051", "dns:///localhost:50051", "unix:///run/grpc.sock"])(
  "the target of a channel for %s",
  (address) => {
    const channel = createChannel(address, { credentials: credentials.createInsecure() });
    cleanUp(() => channel.close());
    expect(targetAttributes(channel.getTarget())).toEqual(targetAttributes(address));
  },
);

test.each([
  ["users:50051", { "server.address": "users", "server.port": 50_051 }],
  ["users", { "server.address": "users" }],
  ["[::1]:50051", { "server.address": "::1", "server.port": 50_051 }],
  ["[::1]", { "server.address": "::1" }],
  ["", {}],
])("the authority %j", (authority, expected) => {
  expect(authorityAttributes(authority)).toEqual(expected);
});

test.each([
  ["127.0.0.1:1234", { "network.peer.address": "127.0.0.1", "network.peer.port": 1234 }],
  [
    "::ffff:127.0.0.1:1234",
    { "network.peer.address": "::ffff:127.0.0.1", "network.peer.port": 1234 },
  ],
  ["[::1]:1234", { "network.peer.address": "::1", "network.peer.port": 1234 }],
  ["/run/grpc.sock", { "network.peer.address": "/run/grpc.sock" }],
  ["unknown", {}],
])("the peer %s", (peer, expected) => {
  expect(peerAttributes(peer)).toEqual(expected);
});

test("the last result is remembered, and no other", () => {
  let runs = 0;
  const attributesOf = rememberLast((text) => {
    runs += 1;
    return { text };
  });
  const texts = ["a", "a", "b", "b", "a"];
  expect(texts.map((text) => attributesOf(text).text)).toEqual(texts);
  expect(runs).toBe(3);
});

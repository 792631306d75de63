// @module-tag python3-grpcio

import { credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PythonProgram } from "../peers/support/python.ts";
import { cases, compressionCases } from "./client/cases/index.ts";
import { connectPeer, type Peer } from "./client/peer.ts";
import { file_grpc_testing_test } from "./gen/grpc/testing/test_pb.ts";
import { startServers } from "./servers.ts";
import type { RunningServer } from "./service/start-server.ts";

const protos = [file_grpc_testing_test];

describe.each(startServers)("a Python client of $name", ({ start }) => {
  const names = [...cases.keys(), "cacheable_unary", "client_compressed_payloads"];
  /** What went wrong in each case, or null. */
  let outcomes: unknown;
  let server: RunningServer;
  let client: PythonProgram;

  beforeAll(async () => {
    server = await start("127.0.0.1:0");
    client = new PythonProgram("interop_client", protos, `127.0.0.1:${server.port}`, ...names);
    outcomes = await client.next();
  });

  afterAll(async () => {
    await client.stop();
    await server.stop();
  });

  test.each(names)("%s", (name) => {
    expect(outcomes).toHaveProperty(name, null);
  });
});

describe("a Python server", () => {
  // It cannot see whether a request came compressed, which this case asks of servers.
  const all = [...cases, ...compressionCases].filter(
    ([name]) => name !== "client_compressed_unary",
  );
  let server: PythonProgram;
  let peer: Peer;

  beforeAll(async () => {
    server = new PythonProgram("interop_server", protos);
    peer = connectPeer(`127.0.0.1:${await server.next()}`, credentials.createInsecure());
  });

  afterAll(async () => {
    peer.close();
    await server.stop();
  });

  test.each(all)("%s", (_, run) => run(peer));
});

import { credentials } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, test } from "vitest";
import { cases } from "./client/cases/index.ts";
import { connectPeer, type Peer } from "./client/peer.ts";
import { startServers } from "./servers.ts";
import type { RunningServer } from "./service/start-server.ts";

describe.each(startServers)("$name", ({ start }) => {
  let server: RunningServer;
  let peer: Peer;

  beforeAll(async () => {
    server = await start("127.0.0.1:0");
    peer = connectPeer(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });

  afterAll(async () => {
    peer.close();
    await server.stop();
  });

  test.each([...cases])("%s", (_, run) => run(peer));
});

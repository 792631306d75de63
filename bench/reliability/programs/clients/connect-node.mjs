import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Probe } from "../gen/own/probe_pb.js";
import { drive } from "./drive.mjs";
import { iteratedClient } from "./iteration.mjs";

drive((address) => {
  const client = createClient(Probe, createGrpcTransport({ baseUrl: `http://${address}` }));
  const options = (mode, { deadlineMs }) => ({
    headers: { "x-mode": mode },
    timeoutMs: deadlineMs,
  });
  return iteratedClient(client, options);
});

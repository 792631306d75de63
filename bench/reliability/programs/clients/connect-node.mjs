import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Probe } from "../gen/own/probe_pb.js";
import { drive, pingTimeoutMs } from "./drive.mjs";
import { iteratedClient } from "./iteration.mjs";

drive((address, { pingMs } = {}) => {
  const pinging = pingMs && { pingIntervalMs: pingMs, pingTimeoutMs };
  const transport = createGrpcTransport({ baseUrl: `http://${address}`, ...pinging });
  const client = createClient(Probe, transport);
  const options = (mode, { deadlineMs }) => ({
    headers: { "x-mode": mode },
    timeoutMs: deadlineMs,
  });
  return iteratedClient(client, options);
});

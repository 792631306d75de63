import { ProbeClient } from "../gen/own/probe_client.js";
import { drive, pinging } from "./drive.mjs";
import { iteratedClient } from "./iteration.mjs";

drive((address, { pingMs } = {}) => {
  const client = new ProbeClient(address, {
    channelOptions: { "grpc.use_local_subchannel_pool": 1, ...pinging(pingMs) },
    ...(pingMs && { resilience: { retry: false } }),
  });
  const options = (mode, { deadlineMs, waits = false }) => ({
    metadata: { "x-mode": mode },
    timeoutMs: deadlineMs ?? 0,
    waitForReady: waits,
  });
  return iteratedClient(client, options);
});

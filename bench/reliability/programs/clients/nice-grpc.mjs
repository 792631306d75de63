import { ChannelCredentials } from "@grpc/grpc-js";
import { createChannel, createClientFactory, Metadata } from "nice-grpc";
import { deadlineMiddleware } from "nice-grpc-client-middleware-deadline";
import { ProbeDefinition } from "../gen/ts-proto/probe.js";
import { drive, pinging } from "./drive.mjs";
import { iteratedClient } from "./iteration.mjs";

drive((address, { pingMs } = {}) => {
  const channel = createChannel(address, ChannelCredentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    ...pinging(pingMs),
  });
  const client = createClientFactory().use(deadlineMiddleware).create(ProbeDefinition, channel);
  const options = (mode, { deadlineMs }) => ({
    metadata: Metadata({ "x-mode": mode }),
    ...(deadlineMs && { deadline: new Date(Date.now() + deadlineMs) }),
  });
  return iteratedClient(client, options);
});

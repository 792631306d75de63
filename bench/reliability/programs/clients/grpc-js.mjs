import { fileURLToPath } from "node:url";
import { credentials, loadPackageDefinition, Metadata } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { drive, pinging, request } from "./drive.mjs";

const proto = loadSync(fileURLToPath(new URL("../proto/probe.proto", import.meta.url)));
const { Probe } = loadPackageDefinition(proto).bench;

drive((address, { pingMs } = {}) => {
  const client = new Probe(address, credentials.createInsecure(), {
    "grpc.use_local_subchannel_pool": 1,
    ...pinging(pingMs),
  });
  const metadataOf = (mode, waits = false) => {
    const metadata = new Metadata({ waitForReady: waits });
    metadata.set("x-mode", mode);
    return metadata;
  };
  const optionsOf = (deadlineMs) =>
    deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
  return {
    unary: (mode, { deadlineMs, waits }) =>
      new Promise((resolve, reject) => {
        client.unary(request, metadataOf(mode, waits), optionsOf(deadlineMs), (error, reply) =>
          error ? reject(error) : resolve(reply),
        );
      }),
    stream: (mode, { deadlineMs }) =>
      new Promise((resolve, reject) => {
        const call = client.serverStreaming(request, metadataOf(mode), optionsOf(deadlineMs));
        call.on("data", () => {});
        call.on("error", reject);
        call.on("end", resolve);
      }),
    async readOne(pattern, mode) {
      if (pattern === "bidi") {
        const call = client.bidi(metadataOf(mode));
        call.on("error", () => {});
        call.write(request);
        return;
      }
      const call = client.serverStreaming(request, metadataOf(mode));
      call.on("error", () => {});
      call.once("data", () => call.pause());
    },
    rest: (pattern, message) =>
      new Promise((resolve, reject) => {
        const metadata = metadataOf("rest");
        if (pattern === "unary") {
          client.unary(message, metadata, (error) => (error ? reject(error) : resolve(1)));
          return;
        }
        if (pattern === "client streaming") {
          const call = client.clientStreaming(metadata, (error) =>
            error ? reject(error) : resolve(1),
          );
          call.end(message);
          return;
        }
        const call =
          pattern === "bidi" ? client.bidi(metadata) : client.serverStreaming(message, metadata);
        if (pattern === "bidi") call.end(message);
        let received = 0;
        call.on("data", () => {
          received += 1;
        });
        call.on("error", reject);
        call.on("end", () => resolve(received));
      }),
  };
});

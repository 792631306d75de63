import { Metadata } from "@grpc/grpc-js";
import type { AddressOptions } from "../../../runtime/src/client/index.ts";
import { EchoClient } from "../../runtime/gen/echo_client.ts";
import { cleanUp, patience } from "../../runtime/support/echo.ts";

/** A generated client for one test, with a connection of its own. */
export function echoClient(address: string, options: AddressOptions = {}): EchoClient {
  const channelOptions = { "grpc.use_local_subchannel_pool": 1, ...options.channelOptions };
  const client = new EchoClient(address, { ...patience, ...options, channelOptions });
  cleanUp(() => client.close());
  return client;
}

/** The metadata that tells a server in Python what to do. */
export function asked(...words: ("wait" | "wait-at-end" | "gzip" | "tell-remaining" | "raise")[]) {
  const metadata = new Metadata();
  for (const word of words) metadata.add("x-do", word);
  return metadata;
}

import { emitClient } from "./client.ts";
import type { Emitter } from "./emitter.ts";
import { perProto } from "./per-proto.ts";

/** Generates `*_client`: a file of its own, so that a server does not load the library's client. */
export const clientFiles: Emitter = perProto({
  suffix: "client",
  declarations: ({ clientClass }) => [clientClass],
  emit: emitClient,
});

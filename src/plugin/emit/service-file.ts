import { emitDefinition } from "./definition.ts";
import type { Emitter } from "./emitter.ts";
import { emitHandlers } from "./handlers.ts";
import { perProto } from "./per-proto.ts";

/** Generates `*_grpc`: the definitions, which both sides of a call use, and the types of the handlers. */
export const serviceFiles: Emitter = perProto({
  suffix: "grpc",
  declarations: ({ definitionName, handlersType }) => [definitionName, handlersType],
  emit(source, service) {
    emitDefinition(source, service);
    emitHandlers(source, service);
  },
});

import { create, type Message } from "@bufbuild/protobuf";
import { Metadata } from "@grpc/grpc-js";
import { compose } from "../../runtime/src/compose.ts";
import type { MethodInfo, ServerInterceptor } from "../../runtime/src/index.ts";
import { signToken } from "../../runtime/src/interceptors/auth/index.ts";
import { firstTextIn } from "../../runtime/src/metadata.ts";
import { ServerCallState } from "../../runtime/src/server/server-call-state.ts";
import type { Layers } from "./layers.ts";

/** Runs one call inside of these layers, up to the place of the handler and back. */
export type RunCall = () => Promise<void>;

/** What a caller sends. */
interface Caller {
  /** Milliseconds; undefined for a caller who waits for ever. */
  readonly timeoutMs: number | undefined;
}

/** The transport of a call: nothing is sent. */
const transport = {
  peerCertificate: undefined,
  endsAtDeadline: true,
  peer: "127.0.0.1:50000",
  authority: "localhost:50051",
  read() {},
  sendHeader() {},
  reply() {},
  end() {},
};

export async function callerWithToken({ auth }: Layers): Promise<Metadata> {
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${await signToken(auth, "bench")}`);
  metadata.set("user-agent", "grpc-node-js/1.14.7");
  return metadata;
}

export function callInside(
  layers: readonly ServerInterceptor[],
  method: MethodInfo,
  metadata: Metadata,
  { timeoutMs }: Caller,
): RunCall {
  const onion = compose(layers);
  const request: Message = create(method.descriptor.input);
  const response: Message = create(method.descriptor.output);
  return () => {
    const deadline = timeoutMs === undefined ? undefined : new Date(Date.now() + timeoutMs);
    const call = new ServerCallState(method, {
      ...transport,
      metadata,
      firstText: (key) => firstTextIn(metadata, key),
      deadline,
      send: () => undefined,
    });
    return onion(call, async () => {
      await call.runRequestHooks(request);
      await call.runResponseHooks(response);
    });
  };
}

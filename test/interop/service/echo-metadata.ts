import type { ServerInterceptor } from "../../../runtime/src/index.ts";

const initialKey = "x-grpc-test-echo-initial";
const trailingKey = "x-grpc-test-echo-trailing-bin";

/** Feature "Echo Metadata": one key goes back in the headers, another one in the trailers. */
export const echoMetadata: ServerInterceptor = async (call, next) => {
  for (const value of call.metadata.get(initialKey)) call.setHeader(initialKey, value);
  for (const value of call.metadata.get(trailingKey)) call.setTrailer(trailingKey, value);
  await next();
};

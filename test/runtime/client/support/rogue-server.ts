import * as grpc from "@grpc/grpc-js";
import { echoDefinition } from "../../gen/echo_grpc.ts";
import { bind } from "../../support/bind.ts";
import { cleanUp } from "../../support/echo.ts";

/** A grpc-js server that answers the half-close of any call as it likes; resolves with its address. */
export async function startRogue(
  respond: (call: grpc.ServerInterceptingCallInterface) => void,
): Promise<string> {
  const rogue: grpc.ServerInterceptor = (_method, call) => {
    class Rogue extends grpc.ServerInterceptingCall {
      override start(): void {
        call.start({
          onReceiveMetadata: () => call.startRead(),
          onReceiveMessage: () => call.startRead(),
          onReceiveHalfClose: () => respond(call),
          onCancel: () => {},
        });
      }
    }
    return new Rogue(call);
  };
  const server = new grpc.Server({ interceptors: [rogue] });
  server.addService(echoDefinition, {});
  cleanUp(() => server.forceShutdown());
  return `127.0.0.1:${await bind(server)}`;
}

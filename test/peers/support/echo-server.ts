import { implement } from "../../../runtime/src/index.ts";
import { type EchoHandlers, echoDefinition } from "../../runtime/gen/echo_grpc.ts";
import { cleanUp } from "../../runtime/support/echo.ts";
import type { PythonCall } from "./python-client.ts";
import type { ServerKind, StartOptions } from "./servers.ts";

/** Serves `runtime.test.Echo` for one test. @returns the port */
export async function serveEcho(
  kind: ServerKind,
  handlers: Partial<EchoHandlers>,
  options: StartOptions = {},
): Promise<number> {
  const server = await kind.start([implement(echoDefinition, handlers)], options);
  cleanUp(() => server.stop());
  return server.port;
}

type EchoMethod = "Unary" | "ServerStream" | "ClientStream" | "Bidi";

/** A call of `runtime.test.Echo` in plain text, with one empty request unless told otherwise. */
export function echoCall(
  port: number,
  method: EchoMethod,
  call: Partial<PythonCall> = {},
): PythonCall {
  const channel = { address: `127.0.0.1:${port}` };
  return { channel, service: "runtime.test.Echo", method, requests: [{}], ...call };
}

/** Every handler answers with what it was asked. */
export const echoHandlers: EchoHandlers = {
  unary: async ({ text, number, data }) => ({ text, number, data }),
  async *serverStream({ text, number }) {
    for (let index = 0; index < number; index += 1) yield { text, number: index };
  },
  async clientStream(requests) {
    const texts: string[] = [];
    let number = 0;
    for await (const request of requests) {
      texts.push(request.text);
      number += request.number;
    }
    return { text: texts.join(" "), number };
  },
  async *bidi(requests) {
    for await (const { text, number, data } of requests) yield { text, number, data };
  },
};

import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { Fault } from "./faults.ts";
import { generatedResponses } from "./generated.ts";
import type { Reply, Responder } from "./reply.ts";
import type { MockSchema } from "./schema.ts";
import { bestStub } from "./stubs/match.ts";
import type { MethodStubs } from "./stubs/stub.ts";
import { noTime, type TimeSpan } from "./time-span.ts";

/** How all calls behave unless their stubs say otherwise. */
export interface Behaviour {
  readonly latency: TimeSpan;
  readonly faults: readonly Fault[];
}

/** Answers with the stub that fits a request best, or with generated responses. */
export function stubResponder(
  method: DescMethod,
  files: readonly MethodStubs[],
  { values, registry }: MockSchema,
  behaviour: Behaviour,
): Responder {
  const stubs = files.flatMap((file) => file.stubs);
  const latency = files.find((file) => file.latency !== undefined)?.latency ?? behaviour.latency;
  const faults = files.find((file) => file.faults !== undefined)?.faults ?? behaviour.faults;
  return {
    replyTo(request: Message): Reply {
      const stub = bestStub(stubs, method.input, request, registry);
      return {
        messages: stub?.messages ?? generatedResponses(method, request, values),
        failure: stub?.failure,
        headers: stub?.headers ?? [],
        trailers: stub?.trailers ?? [],
        latency: stub?.latency ?? latency,
        interval: stub?.interval ?? noTime,
        faults,
      };
    },
  };
}

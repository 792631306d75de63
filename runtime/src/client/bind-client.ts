import type { ChannelInterface } from "@grpc/grpc-js";
import type { ServiceDefinition } from "../method.ts";
import { createChannel } from "./channel.ts";
import type { ClientMethods } from "./client-methods.ts";
import type { AddressOptions, ClientTarget } from "./client-options.ts";
import { channelReady } from "./connection-state.ts";
import { planMethod } from "./method-plan.ts";
import { type UntypedClientMethod, untypedMethod } from "./untyped-method.ts";

/** What a generated client class wraps. */
export interface BoundClient<Definition extends ServiceDefinition> {
  readonly methods: ClientMethods<Definition>;
  /**
   * Connects. Optional: calls connect by themselves.
   *
   * @param timeoutMs milliseconds to wait
   * @throws GrpcError UNAVAILABLE when there is no connection in time.
   */
  waitForReady(timeoutMs: number): Promise<void>;
  /** Closes the channel if the client created it. A channel that was passed in stays open. */
  close(): void;
}

/**
 * Creates the client methods of a service.
 *
 * A method that returns a stream starts its call when the stream is iterated over, which is
 * possible once. Leaving the loop early cancels the call.
 *
 * @param options the options of the channel apply only if `target` is an address
 */
export function bindClient<Definition extends ServiceDefinition>(
  definition: Definition,
  target: ClientTarget,
  options: AddressOptions = {},
): BoundClient<Definition> {
  const channel: ChannelInterface =
    typeof target === "string"
      ? createChannel(target, { ...options, services: [definition] })
      : target;
  const methods: Record<string, UntypedClientMethod> = Object.create(null);
  for (const [localName, method] of Object.entries(definition)) {
    methods[localName] = untypedMethod(planMethod(method, channel, options));
  }
  return {
    // One entry per method of the definition, of the kind that the definition says.
    methods: methods as unknown as ClientMethods<Definition>,
    waitForReady: (timeoutMs) => channelReady(channel, timeoutMs),
    close: () => {
      if (typeof target === "string") channel.close();
    },
  };
}

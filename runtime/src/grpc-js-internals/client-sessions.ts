import { EventEmitter } from "node:events";
import type { ClientHttp2Session } from "node:http2";
import { pingWhenClosed } from "./ping-when-closed.ts";
import { isObject, property } from "./property.ts";
import { readStatusOf } from "./received-status.ts";

/**
 * Corrects each connection that a channel makes: `pingWhenClosed`, so that a client's own pings do not end
 * its calls on a server that drains, and `readStatusOf` for each call.
 *
 * Reads the private field `Channel.internalChannel.subchannelPool`, whose `getOrCreateSubchannel`
 * makes a `Subchannel`; its `connector.connect` resolves with a transport that has a `session`, and whose
 * `createCall` makes the calls.
 * Fall-back when one of them is missing: grpc-js' own behaviour.
 *
 * @param channel a channel of grpc-js, before its first call
 */
export function correctConnections(channel: object): void {
  const pool = property(property(channel, "internalChannel"), "subchannelPool");
  wrap(pool, "getOrCreateSubchannel", (subchannel) => {
    wrap(property(subchannel, "connector"), "connect", (connecting) => {
      if (connecting instanceof Promise) connecting.then(correctTransport, ignore);
    });
  });
}

function correctTransport(transport: unknown): void {
  const session = property(transport, "session");
  if (isSession(session)) pingWhenClosed(session);
  wrap(transport, "createCall", readStatusOf);
}

const wrapped = new WeakSet<object>();

/**
 * Passes every result of `target[name]` to `onResult`. A target is wrapped once: channels share
 * pools, and pools hand out the same subchannel again.
 */
function wrap(target: unknown, name: string, onResult: (result: unknown) => void): void {
  if (!isObject(target) || wrapped.has(target)) return;
  const original: unknown = Reflect.get(target, name);
  if (typeof original !== "function") return;
  wrapped.add(target);
  Reflect.set(target, name, (...parameters: unknown[]): unknown => {
    const result: unknown = Reflect.apply(original, target, parameters);
    onResult(result);
    return result;
  });
}

function ignore(): void {}

function isSession(value: unknown): value is ClientHttp2Session {
  return value instanceof EventEmitter && "ping" in value && "goaway" in value;
}

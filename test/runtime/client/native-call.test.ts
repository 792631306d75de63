import { Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import {
  type CallListener,
  type NativeCall,
  startCall,
} from "../../../runtime/src/client/native-call.ts";

/** Starts a call of which only the listener is of interest: the one that grpc-js is given. */
function start(): { given: CallListener; told: string[] } {
  const told: string[] = [];
  const listener: CallListener = {
    onReceiveMetadata: () => told.push("metadata"),
    onReceiveMessage: (message) => told.push(`message ${message}`),
    onReceiveStatus: ({ details }) => told.push(`status ${details}`),
    onError: (error) => told.push(`abandoned: ${error}`),
  };
  let given = listener;
  const call: NativeCall = {
    start: (_metadata, actual) => {
      given = actual;
    },
    sendMessageWithContext: () => {},
    startRead: () => {},
    halfClose: () => {},
    cancelWithStatus: () => {},
    getPeer: () => "",
  };
  startCall(call, new Metadata(), listener);
  return { given, told };
}

const ended = { code: status.OK, details: "done", metadata: new Metadata() };

/** Whoever listens can be collected then, although Node keeps the call's stream for a while. */
test("who listens hears all until the call is over, and is let go then", () => {
  const { given, told } = start();
  given.onReceiveMetadata(new Metadata());
  given.onReceiveMessage(1);
  given.onReceiveMessage(2);
  given.onReceiveStatus(ended);
  given.onReceiveMessage(3);
  given.onReceiveStatus(ended);
  given.onError("late");
  expect(told).toEqual(["metadata", "message 1", "message 2", "status done"]);
});

test("an abandoned call is over, too", () => {
  const { given, told } = start();
  given.onError("a bug");
  given.onReceiveStatus(ended);
  expect(told).toEqual(["abandoned: a bug"]);
});

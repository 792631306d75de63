import { Metadata, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import {
  type CallListener,
  type NativeCall,
  startCall,
} from "../../../runtime/src/client/native-call.ts";

/** Starts a call and returns the listener that grpc-js gets, and the events that ours gets. */
function start(): { given: CallListener; events: string[] } {
  const events: string[] = [];
  const listener: CallListener = {
    onReceiveMetadata: () => events.push("metadata"),
    onReceiveMessage: (message) => events.push(`message ${message}`),
    onReceiveStatus: ({ details }) => events.push(`status ${details}`),
    onError: (error) => events.push(`error ${error}`),
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
  return { given, events };
}

const ended = { code: status.OK, details: "done", metadata: new Metadata() };

/** It can be collected then, although Node keeps the stream of the call for a while. */
test("a listener gets all events until the call is over, and none afterwards", () => {
  const { given, events } = start();
  given.onReceiveMetadata(new Metadata());
  given.onReceiveMessage(1);
  given.onReceiveMessage(2);
  given.onReceiveStatus(ended);
  given.onReceiveMessage(3);
  given.onReceiveStatus(ended);
  given.onError("late");
  expect(events).toEqual(["metadata", "message 1", "message 2", "status done"]);
});

test("a call that has failed with an error is over", () => {
  const { given, events } = start();
  given.onError("a bug");
  given.onReceiveStatus(ended);
  expect(events).toEqual(["error a bug"]);
});

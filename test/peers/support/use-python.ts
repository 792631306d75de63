import { afterAll, beforeAll } from "vitest";
import { protos } from "./protos.ts";
import {
  type PythonCall,
  PythonClient,
  type PythonOutcome,
  type StartedCall,
} from "./python-client.ts";
import { PythonServer } from "./python-server.ts";

/** How the tests of one `describe` make calls in Python; they share a process. */
export interface Caller {
  call(call: PythonCall): Promise<PythonOutcome>;
  start(call: PythonCall): StartedCall;
}

export function usePythonClient(): Caller {
  let client: PythonClient | undefined;
  const running = (): PythonClient => client ?? notYet();
  beforeAll(() => {
    client = new PythonClient(protos);
  });
  afterAll(() => client?.stop());
  return { call: (call) => running().call(call), start: (call) => running().start(call) };
}

/** A process for the servers of the tests of one `describe`. */
export function usePythonServer(): () => PythonServer {
  let server: PythonServer | undefined;
  beforeAll(() => {
    server = new PythonServer();
  });
  afterAll(() => server?.end());
  return () => server ?? notYet();
}

function notYet(): never {
  throw new Error("only in tests");
}

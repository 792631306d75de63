import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import { connectivityState, credentials } from "@grpc/grpc-js";
import { createChannel } from "grpc-service/client";
import { OpenedSockets } from "../../../runtime/src/connect/opened-sockets.ts";
import { withFolderLock } from "../../scaffold/disk/project-lock.ts";
import { describeSystemError, errorCode, StepError, UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { printable } from "../../terminal/printable.ts";
import { reason } from "../project/reason.ts";
import { Mock } from "./mock.ts";
import { MockServer } from "./mock-server.ts";
import { findProtos } from "./protos.ts";
import type { StubJson } from "./record/recorded-call.ts";
import { StubWriter } from "./record/stub-writer.ts";
import { behaviourOf, checkAddress, type MockFlags } from "./settings.ts";

/** What the user typed after `mock`. */
interface MockInput {
  readonly flags: MockFlags;
}

/** Serves example responses to every RPC of the protos until it is interrupted. */
export async function mock({ flags }: MockInput, host: Host): Promise<number> {
  if (flags.record === undefined) return serve({ flags }, host);
  // Each recorder writes whole files, without the calls of another one.
  const { stubs = "mocks" } = flags;
  const folder = resolve(host.cwd, stubs);
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    const isFile = errorCode(error) === "EEXIST";
    const what = isFile ? "it is not a folder" : (describeSystemError(error) ?? reason(error));
    throw new UsageError(`--stubs: cannot write to ${stubs}: ${what}`);
  });
  const command = "grpc-service mock --record";
  return withFolderLock(folder, stubs, command, host, (host) => serve({ flags }, host));
}

async function serve({ flags }: MockInput, host: Host): Promise<number> {
  const { proto = [], "import-path": importPaths = [], stubs = "mocks", seed = "1" } = flags;
  const address = checkAddress(flags.address ?? "127.0.0.1:50051", "--address");
  const note = (line: string) => host.note(`mock: ${printable(line)}\n`);
  const server = new MockServer((error, { method }) => note(`${method.path}: ${reason(error)}`));
  const recorder = flags.record === undefined ? undefined : record(flags.record, stubs, host, note);
  const options = {
    protos: findProtos(proto, importPaths, host),
    stubFolder: resolve(host.cwd, stubs),
    shownFolder: stubs,
    seed,
    behaviour: behaviourOf(flags),
    ...(recorder !== undefined && { recorder }),
  };
  const served = await Mock.open(options, server, note);
  const port = await listen(server, address);
  host.print(`mock server on ${address.replace(/\d+$/, String(port))}: ${served.summary}\n`);
  try {
    await served.watch(host.signal);
  } finally {
    await server.stop();
    await recorder?.close();
  }
  return 0;
}

/** Passes calls on to the server of `--record`. */
function record(target: string, stubs: string, host: Host, note: (line: string) => void) {
  const address = checkAddress(target.replace(/^https:\/\//, ""), "--record");
  const isTls = target.startsWith("https://");
  const sockets = new OpenedSockets();
  const channel = createChannel(address, isTls ? { credentials: credentials.createSsl() } : {});
  const writer = new StubWriter(resolve(host.cwd, stubs), note);
  return {
    channel,
    onRecorded: (method: string, stub: StubJson) => void writer.add(method, stub),
    async close() {
      await writer.idle();
      const isReady = channel.getConnectivityState(false) === connectivityState.READY;
      channel.close();
      sockets.release(isReady);
    },
  };
}

async function listen(server: MockServer, address: string): Promise<number> {
  try {
    return await server.listen(address);
  } catch (error) {
    const isBusy = error instanceof Error && errorCode(error.cause) === "EADDRINUSE";
    if (!isBusy) throw new StepError(reason(error));
    throw new StepError(`${address} is in use; give another --address, port 0 takes a free one`);
  }
}

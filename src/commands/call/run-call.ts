import type { FileRegistry } from "@bufbuild/protobuf";
import type { Metadata } from "@grpc/grpc-js";
import { GrpcError } from "../../../runtime/src/error.ts";
import { statusNumber } from "../../../runtime/src/status-code.ts";
import { type Connection, openConnection } from "../../reflection/connect.ts";
import { makeCall } from "../../reflection/make-call.ts";
import { outputFailed } from "../../terminal/errors.ts";
import type { StreamHost } from "../../terminal/host.ts";
import type { CallSettings } from "./call-settings.ts";
import type { ServerFlags } from "./flags.ts";
import { givesStream, takesStream } from "./method-kinds.ts";
import { Chat } from "./request/chat.ts";
import { readRequests } from "./request/read-requests.ts";
import { Output, OutputError, ReaderLeftError } from "./response/output.ts";
import { responsePrinter } from "./response/print-response.ts";
import { statusJson, statusText } from "./response/status-text.ts";
import { Trace } from "./response/trace.ts";
import { type FoundMethod, findMethod } from "./schema/find-method.ts";
import type { SchemaSources } from "./schema/open-schema.ts";
import { withReflection } from "./schema/with-reflection.ts";
import { forReflection, readMetadata } from "./server/metadata.ts";
import type { ServerSettings } from "./server/settings.ts";

/** What `call` has read and started. */
export interface CallPlan {
  /** Milliseconds of `performance.now()`. */
  readonly start: number;
  readonly flags: ServerFlags;
  readonly settings: CallSettings;
  readonly server: ServerSettings;
  readonly sources: SchemaSources;
}

/** Connects, finds the method and calls it. @returns the number of the status */
export async function runCall(plan: CallPlan, host: StreamHost): Promise<number> {
  const { settings, server, sources } = plan;
  const metadata = await readMetadata(plan.flags, server, host);
  const connection = openConnection(server, server.maxMessageBytes);
  let registry: FileRegistry | undefined;
  try {
    const found = await withReflection(
      sources,
      connection,
      { ...server, metadata: forReflection(metadata, plan.flags, host), signal: host.signal },
      (schema) => findMethod(schema, settings.method),
    );
    registry = found.registry;
    await exchange(found, connection, { ...plan, metadata }, host);
    return 0;
  } catch (error) {
    if (error instanceof ReaderLeftError) return 0;
    if (error instanceof OutputError) {
      host.note(`grpc-service: ${error.message}\n`);
      return outputFailed;
    }
    if (!(error instanceof GrpcError)) throw error;
    const print = settings.errorFormat === "json" ? statusJson : statusText;
    host.note(print(error, registry));
    return statusNumber(error.code);
  } finally {
    connection.close();
    // A pipe that is open keeps the process alive.
    if (settings.readsInput) host.input.destroy();
  }
}

/** Sends the requests and prints the responses. @throws GrpcError the status, if it is not OK */
async function exchange(
  found: FoundMethod,
  connection: Connection,
  { settings, server, start, metadata }: CallPlan & { readonly metadata: Metadata },
  host: StreamHost,
): Promise<void> {
  const { method, registry } = found;
  const print = responsePrinter(method.output, registry, settings.print);
  const trace = settings.isVerbose ? new Trace(host.note, start) : undefined;
  const chat = settings.mayChat && takesStream(method) ? new Chat(found, host) : undefined;
  const output = chat ?? new Output(host.output);
  const ended = new AbortController();
  const { cwd, inputIsTerminal, note } = host;
  const requests =
    chat?.requests() ??
    readRequests(found, settings.request, {
      ...{ cwd, inputIsTerminal, note, ended: ended.signal },
      get input() {
        return host.input;
      },
    });
  trace?.request(method, server, metadata);
  const responses = makeCall(connection, method, requests, {
    metadata,
    signal: chat?.signal ?? host.signal,
    timeoutMs: server.timeoutMs ?? 0,
    onHeader: (header) => trace?.header(header),
    onTrailer: (trailer) => trace?.trailer(trailer),
  });
  let count = 0;
  try {
    for await (const response of responses) {
      count += 1;
      trace?.response();
      await output.write(print(response));
      if (count === settings.maxMessages) break;
      if (count > 1 && !givesStream(method)) throw wrongCount("several responses");
    }
    if (count === 0 && !givesStream(method)) throw wrongCount("no response");
    await output.flush();
    trace?.end(count === settings.maxMessages ? "cancelled by --max-messages" : "OK");
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    trace?.end(error.code);
    throw withHint(error);
  } finally {
    ended.abort();
    chat?.close();
  }
}

function withHint(error: GrpcError): GrpcError {
  if (!/^Received message larger than max/.test(error.rawMessage)) return error;
  const text = `${error.rawMessage}; --max-message-size sets the limit`;
  return new GrpcError(error.code, text, { cause: error });
}

function wrongCount(what: string): GrpcError {
  return new GrpcError("INTERNAL", `the server sent ${what}; the method has one`);
}

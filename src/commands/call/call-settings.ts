import type { Address } from "../../reflection/address.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { StreamHost } from "../../terminal/host.ts";
import { readArguments } from "./arguments.ts";
import type { CallFlags } from "./flags.ts";
import { parseCount, parseSize } from "./quantities.ts";
import type { RequestSettings } from "./request/read-requests.ts";
import type { PrintSettings } from "./response/print-response.ts";

/** What the user typed after `call`. */
export interface CallInput {
  readonly flags: CallFlags;
  readonly arguments: readonly string[];
}

/** Everything that flags and arguments say about one call. */
export interface CallSettings {
  /** Undefined: the default. */
  readonly address: Address | undefined;
  readonly method: string;
  readonly maxMessages: number | undefined;
  readonly errorFormat: "text" | "json";
  readonly isVerbose: boolean;
  /** Whether requests are read from standard input. */
  readonly readsInput: boolean;
  /** Whether a person can type requests. */
  readonly mayChat: boolean;
  readonly request: RequestSettings;
  readonly print: PrintSettings;
}

/** Reads them. @throws UsageError */
export function readCallSettings(
  { flags, arguments: args }: CallInput,
  { inputIsTerminal, outputIsTerminal }: Pick<StreamHost, "inputIsTerminal" | "outputIsTerminal">,
): CallSettings {
  const { address, rest } = readArguments("call", args, 2);
  const [method, json] = rest;
  if (method === undefined) {
    throw new UsageError("which method? grpc-service list shows the services and --methods theirs");
  }
  if (json !== undefined && flags.data !== undefined) {
    throw new UsageError("give the request as an argument or by --data, not both");
  }
  const { "max-messages": maxMessages } = flags;
  const errorFormat = flags["error-format"] ?? "text";
  if (errorFormat !== "text" && errorFormat !== "json") {
    throw new UsageError(`--error-format must be text or json, not "${errorFormat}"`);
  }
  const data = flags.data ?? json;
  return {
    address,
    method,
    maxMessages: maxMessages === undefined ? undefined : parseCount("--max-messages", maxMessages),
    errorFormat,
    isVerbose: flags.verbose === true,
    readsInput:
      (data === undefined ? flags.file === undefined : isInput(data)) ||
      flags.file?.endsWith("=-") === true ||
      flags.file?.endsWith("=@-") === true,
    mayChat: data === undefined && flags.file === undefined && inputIsTerminal,
    request: {
      data,
      file: flags.file,
      chunkBytes: parseSize("--chunk-size", flags["chunk-size"] ?? "1MiB"),
      ignoreUnknownFields: flags["allow-unknown-fields"] === true,
    },
    print: {
      field: flags.field,
      raw: flags.raw === true,
      toTerminal: outputIsTerminal,
      pretty: flags.pretty === true,
      emitDefaults: flags["emit-defaults"] === true,
      protoNames: flags["proto-names"] === true,
    },
  };
}

/** Whether data stands for standard input. */
function isInput(data: string): boolean {
  return ["@-", "@", "-"].includes(data);
}

import { UsageError } from "../../terminal/errors.ts";
import { printable } from "../../terminal/printable.ts";

/** Declarations of new RPCs. */
export interface NewRpcs {
  /** One line per RPC. */
  readonly rpcs: readonly string[];
  /** Their messages, all of them empty. */
  readonly messages: readonly string[];
}

/**
 * Declares RPCs. The messages of one are `<Method>Request` and `<Method>Response`, with the name of the
 * service before them if the package has a type of that name.
 *
 * @param taken names of the types of the package
 * @throws UsageError if those exist too
 */
export function declareRpcs(
  service: string,
  methods: readonly string[],
  stream: string | undefined,
  taken: ReadonlySet<string>,
): NewRpcs {
  const used = new Set(taken);
  const [fromClient, fromServer] = sidesOf(stream);
  const rpcs: string[] = [];
  const messages: string[] = [];
  for (const method of methods) {
    checkName("method", method);
    const names = messageNames(service, method, used);
    for (const name of names) {
      used.add(name);
      messages.push(`message ${name} {}`);
    }
    const [request, response] = names;
    rpcs.push(`rpc ${method}(${fromClient}${request}) returns (${fromServer}${response});`);
  }
  return { rpcs, messages };
}

function messageNames(service: string, method: string, used: ReadonlySet<string>) {
  const pairs = [method, service + method].map(
    (start) => [`${start}Request`, `${start}Response`] as const,
  );
  const free = pairs.find((names) => names.every((name) => !used.has(name)));
  if (free !== undefined) return free;
  const [[request] = [""]] = pairs;
  throw new UsageError(`the package already has types such as ${request}; choose another name`);
}

function sidesOf(stream: string | undefined): readonly [string, string] {
  switch (stream) {
    case undefined:
      return ["", ""];
    case "client":
      return ["stream ", ""];
    case "server":
      return ["", "stream "];
    case "both":
      return ["stream ", "stream "];
    default:
      throw new UsageError(`--stream "${printable(stream)}" is not one of client, server, both`);
  }
}

/** @throws UsageError for a name that is not in upper camel case, as names of services and methods are */
export function checkName(what: "service" | "method", name: string): void {
  if (/^[A-Z][A-Za-z0-9]{0,99}$/.test(name)) return;
  throw new UsageError(
    `"${printable(name)}" is not a name of a ${what}; it needs a capital letter, then letters and digits`,
  );
}

import { Session } from "node:inspector";
import { fileURLToPath } from "node:url";

/** The last file that did not parse. */
let lastFile: string | undefined;

/**
 * Remembers files that do not parse, in this process: Node.js leaves the file out of the error when it was
 * imported as a module. A debugger is told.
 */
export function watchFailedParses(): void {
  const session = new Session();
  session.connect();
  session.on("Debugger.scriptFailedToParse", ({ params }) => {
    if (params.url !== "") lastFile = pathOf(params.url);
  });
  session.post("Debugger.enable");
  // `debugger` statements of the project's code.
  session.post("Debugger.setSkipAllPauses", { skip: true });
}

/** The file that an error is about, if it is a syntax error that Node.js found while it loaded a file. */
export function fileOfSyntaxError(
  error: unknown,
): { readonly file: string; readonly line?: string } | undefined {
  if (!(error instanceof Error) || error.name !== "SyntaxError") return undefined;
  const stack = error.stack ?? "";
  // The stack starts with the import, and the module that it imports from is at fault.
  if (error.message.startsWith("The requested module ")) return undefined;
  // CommonJS: the stack starts with the place.
  const place = /^((?:file:|\/|[A-Za-z]:\\).*):(\d+)\n/.exec(stack);
  if (place?.[1] !== undefined && place[2] !== undefined) {
    return { file: pathOf(place[1]), line: place[2] };
  }
  // What the project's code parses itself, such as JSON, has its own frames first.
  const [frame = ""] = /^ +at .*/m.exec(stack) ?? [];
  const ofNode = /\(?node:(?:internal|vm)/.test(frame);
  return ofNode && lastFile !== undefined ? { file: lastFile } : undefined;
}

function pathOf(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}

import type { ServiceModel } from "../../plugin/model.ts";
import { genModule } from "../emit/names.ts";
import type { Code, CodeFile } from "./code/code.ts";
import { references, unquoted } from "./code/tokens.ts";

/** `UserServiceHandlers["getUser"]` in a file. */
export interface HandlerType {
  readonly file: CodeFile;
  /** Name of the RPC in code: `getUser`. */
  readonly name: string;
  /** The string with the name. */
  readonly start: number;
  readonly end: number;
  /** The word before it: `:` for the handler itself, `=` for an alias. */
  readonly before: string;
}

/** Where the code names the handler types of single RPCs of a service. */
export function handlerTypes(code: Code, service: ServiceModel): HandlerType[] {
  return code.uses(genModule(service), service.handlersType).flatMap(({ file, local }) =>
    references(file.tokens, local).flatMap((index) => {
      const next = index + local.split(".").length * 2 - 1;
      const key = file.tokens[next + 1];
      const before = file.tokens[index - 1]?.text ?? "";
      if (file.tokens[next]?.text !== "[" || key?.kind !== "string") return [];
      return [{ file, name: unquoted(key), start: key.start, end: key.end, before }];
    }),
  );
}

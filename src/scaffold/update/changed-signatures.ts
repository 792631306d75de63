import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { clientModule } from "../emit/names.ts";
import type { Requests } from "../emit/request.ts";
import type { ModelsBefore } from "./before/models-before.ts";
import type { Code } from "./code/code.ts";
import { placeOf } from "./code/insert.ts";
import { handlerTypes } from "./handler-types.ts";
import type { ServedService } from "./served-service.ts";
import type { Sources } from "./sources.ts";
import { isUntouched, type Stub, stubsOf } from "./stubs.ts";

/** What became of the code of RPCs with another signature than before. */
export interface ChangedSignatures {
  /** Stubs that were printed anew. */
  readonly reprinted: readonly string[];
  /** Code of the user: `src/services/user/get.ts:9: user.UserService/Get is now server streaming (was unary)`. */
  readonly toChange: readonly string[];
  /** Those of them that the compiler does not check: they are behind a cast. */
  readonly unchecked: readonly string[];
}

/** What {@link changeSignatures} looks at. */
export interface SignatureInput {
  readonly sources: Sources;
  readonly code: Code;
  readonly served: readonly ServedService[];
  readonly before: ModelsBefore | undefined;
  readonly requests: Requests;
  /** Files that are right already. */
  readonly settled: ReadonlySet<string>;
}

/**
 * Prints stubs anew that the user has not touched, and lists all other code of changed RPCs.
 */
export function changeSignatures(input: SignatureInput): ChangedSignatures {
  const { sources, code, served, before, requests, settled } = input;
  const reprinted: string[] = [];
  const toChange: string[] = [];
  const unchecked: string[] = [];
  for (const { service, folder, object } of served) {
    const old = before?.services.find(({ typeName }) => typeName === service.typeName);
    for (const method of service.methods) {
      const oldMethod = old?.methods.find(({ name }) => name === method.name);
      if (before === undefined || old === undefined || oldMethod === undefined) continue;
      const was = stubsOf(
        { ...old, directory: service.directory },
        folder,
        oldMethod,
        before.requests,
      );
      const is = stubsOf(service, folder, method, requests);
      const stubs = was.map((stub, index) => ({ stub, text: is[index]?.text ?? stub.text }));
      const untouched = stubs.filter(({ stub }) => isUntouched(sources.get(stub.path), stub));
      for (const { stub, text } of untouched.filter((each) => each.text !== each.stub.text)) {
        sources.set(stub.path, text);
        reprinted.push(stub.path);
      }
      // An earlier run has printed some of them for this signature.
      const isNew = (stub: Stub) => isUntouched(sources.get(stub.path), stub);
      const fitting = new Set(
        [...untouched.map(({ stub }) => stub), ...is.filter(isNew)].map(({ path }) => path),
      );
      const change = describeChange(oldMethod, method);
      if (change === "") continue;
      const found = places(code, service, method)
        .filter(
          ({ path, text }) =>
            sources.get(path) === text && !settled.has(path) && !fitting.has(path),
        )
        .map(({ place }) => `${place}: ${service.typeName}/${method.name} ${change}`);
      toChange.push(...found);
      if (object?.checked === false) unchecked.push(...found);
    }
  }
  return { reprinted, toChange, unchecked };
}

/** `is now server streaming (was unary)`. Empty if both signatures are the same. */
export function describeChange(was: MethodModel, is: MethodModel): string {
  const kind = (method: MethodModel) => method.kind.replace("_", " ");
  const parts = [
    [kind(was), kind(is)],
    [`takes ${was.input.typeName}`, `takes ${is.input.typeName}`],
    [`returns ${was.output.typeName}`, `returns ${is.output.typeName}`],
  ].filter(([before, after]) => before !== after);
  if (parts.length === 0) return "";
  const list = (side: 0 | 1) => parts.map((part) => part[side]).join(", ");
  return `is now: ${list(1)} (was: ${list(0)})`;
}

/** Where the code handles or calls an RPC. */
function places(code: Code, service: ServiceModel, method: MethodModel) {
  const handlers = handlerTypes(code, service)
    .filter(({ name }) => name === method.localName)
    .map(({ file, start }) => ({ file, start }));
  const callers = code
    .uses(clientModule(service), service.clientClass)
    .flatMap(({ file }) =>
      file.tokens
        .filter(
          ({ text }, index) => text === method.localName && file.tokens[index - 1]?.text === ".",
        )
        .map(({ start }) => ({ file, start })),
    );
  return [...handlers, ...callers].map(({ file: { path, text }, start }) => ({
    path,
    text,
    place: placeOf(path, text, start),
  }));
}

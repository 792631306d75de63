import type { DescMethod, DescService, FileRegistry } from "@bufbuild/protobuf";
import type { Schema } from "../../../reflection/schema.ts";
import { UsageError } from "../../../terminal/errors.ts";
import { nearest } from "../../../terminal/nearest.ts";
import { UnknownNameError } from "./unknown-name.ts";

/** A method with the types around it. */
export interface FoundMethod {
  readonly method: DescMethod;
  readonly registry: FileRegistry;
}

/** A service with the types around it. */
export interface FoundService {
  readonly service: DescService;
  readonly registry: FileRegistry;
}

/** Names that a list of alternatives has at most. */
const maxListed = 20;

/**
 * Finds the method that a user named: `package.Service/Method`, `package.Service.Method`, or the end of
 * it, such as `Service/Method` or `Method`, if only one method ends so.
 *
 * @throws UsageError that names what is near
 */
export async function findMethod(schema: Schema, text: string): Promise<FoundMethod> {
  const { serviceName, methodName } = splitName(text);
  if (serviceName === "") return findByName(schema, methodName);
  const { service, registry } = await findService(schema, serviceName);
  const method = methodOf(service, methodName);
  if (method !== undefined) return { method, registry };
  const names = service.methods.map(({ name }) => name);
  throw unknown(`method ${methodName} of ${service.typeName}`, methodName, names);
}

/** Finds a service by its full name, or the end of it. @throws UsageError that names what is near */
export async function findService(schema: Schema, text: string): Promise<FoundService> {
  // A full name costs a server one question.
  const registry = await schema.find(text);
  const service = registry?.getService(text);
  if (registry !== undefined && service !== undefined) return { service, registry };
  const names = await schema.serviceNames();
  const [name, ...others] = names.filter((full) => full === text || full.endsWith(`.${text}`));
  if (name === undefined) throw unknown(`service ${text}`, text, names, schema.origin);
  if (others.length > 0) throw ambiguous("service", text, [name, ...others]);
  const found = await schema.find(name);
  const named = found?.getService(name);
  if (found !== undefined && named !== undefined) return { service: named, registry: found };
  throw new UsageError(`${schema.origin} lists the service ${name}, but does not describe it`);
}

/** All services. Those that the server lists and does not describe are left out. */
export async function allServices(schema: Schema): Promise<FoundService[]> {
  const found: FoundService[] = [];
  for (const name of await schema.serviceNames()) {
    const registry = await schema.find(name);
    const service = registry?.getService(name);
    if (registry !== undefined && service !== undefined) found.push({ service, registry });
  }
  return found;
}

async function findByName(schema: Schema, name: string): Promise<FoundMethod> {
  const services = await allServices(schema);
  const found = services.flatMap(({ service, registry }) => {
    const method = methodOf(service, name);
    return method === undefined ? [] : [{ method, registry }];
  });
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  if (first !== undefined) {
    throw ambiguous(
      "method",
      name,
      found.map(({ method }) => pathOf(method)),
    );
  }
  const names = services.flatMap(({ service }) => service.methods.map(({ name }) => name));
  throw unknown(`method ${name}`, name, names, schema.origin);
}

/** `package.Service/Method` of a method. */
export function pathOf({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}

function splitName(text: string) {
  const trimmed = text.replace(/^[/.]/, "");
  const at = Math.max(trimmed.lastIndexOf("/"), trimmed.lastIndexOf("."));
  return { serviceName: trimmed.slice(0, Math.max(at, 0)), methodName: trimmed.slice(at + 1) };
}

/** By the name in the proto, or as TypeScript has it. */
function methodOf({ methods }: DescService, text: string): DescMethod | undefined {
  return (
    methods.find(({ name }) => name === text) ?? methods.find(({ localName }) => localName === text)
  );
}

function unknown(what: string, word: string, known: readonly string[], origin = ""): Error {
  const near = nearest(word, known) ?? nearestEnd(word, known);
  const place = origin === "" ? "" : ` in ${origin}`;
  if (near !== undefined)
    return new UnknownNameError(`unknown ${what}${place}; did you mean ${near}?`);
  return new UnknownNameError(
    `unknown ${what}${place}${known.length === 0 ? "" : "; there are:"}`,
    list(known),
  );
}

/** For a word without package: what it should have been, in full. */
function nearestEnd(word: string, known: readonly string[]): string | undefined {
  const end = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  const near = nearest(end(word), known.map(end));
  return near === undefined ? undefined : known.find((name) => end(name) === near);
}

function ambiguous(kind: string, text: string, names: readonly string[]): UsageError {
  return new UsageError(`several ${kind}s end with ${text}; give more of the name:`, list(names));
}

function list(names: readonly string[]): string[] {
  const rest = names.length - maxListed;
  return rest > 0 ? [...names.slice(0, maxListed), `and ${rest} more`] : [...names];
}

import type { DescMessage, Registry } from "@bufbuild/protobuf";
import type { Draw } from "./limits.ts";

/** A type that a `google.protobuf.Any` can hold. */
interface AnyType {
  readonly url: string;
  /** Undefined for a type that the schema does not have: the value is empty then. */
  readonly desc: DescMessage | undefined;
}

/** The type of the message in an `Any`: one that the rules list, else a text. */
export function anyTypes({ limits, random }: Draw, registry: Registry): AnyType | undefined {
  const isAllowed = (url: unknown): url is string =>
    typeof url === "string" && !(limits.not?.includes(url) ?? false);
  const listed = limits.only?.filter(isAllowed);
  const urls = listed ?? defaults.filter(isAllowed);
  const known = urls.filter((url) => descOf(url, registry) !== undefined);
  const url = [known, urls].find(({ length }) => length > 0);
  if (url === undefined) return undefined;
  const chosen = random.pick(url);
  return { url: chosen, desc: descOf(chosen, registry) };
}

const defaults = ["StringValue", "Int32Value", "Timestamp", "Empty"].map(
  (name) => `type.googleapis.com/google.protobuf.${name}`,
);

function descOf(url: string, registry: Registry): DescMessage | undefined {
  return registry.getMessage(url.slice(url.lastIndexOf("/") + 1));
}

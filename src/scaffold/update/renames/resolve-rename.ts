import type { FileRegistry } from "@bufbuild/protobuf";
import type { ServiceModel } from "../../../plugin/model.ts";
import { UsageError } from "../../../terminal/errors.ts";
import { nearest } from "../../../terminal/nearest.ts";
import { printable } from "../../../terminal/printable.ts";
import { isWellKnown } from "../../protos/names.ts";
import type { RenameStates } from "./apply-renames.ts";
import type { Rename } from "./rename.ts";
import { typesOf } from "./renamed-names.ts";

/** A name in the protos. */
interface Name {
  readonly kind: "service" | "RPC" | "message or enum";
  /** `user.UserService`, `user.UserService/GetUser`, `user.User`. */
  readonly full: string;
}

/**
 * The full names of a rename: `GetUser=FetchUser` may be all that the user gives.
 *
 * @throws UsageError for a name that means nothing, or more than one thing
 */
export function resolveRename(
  given: Rename,
  { before, services, registry }: Pick<RenameStates, "before" | "services" | "registry">,
): Rename {
  const now = namesOf(services, registry);
  const had = namesOf(before.services, before.registry);
  const isService = ({ kind }: Name) => kind === "service";
  const from =
    given.kind === "copy"
      ? resolve(given, "from", now.filter(isService), "the protos")
      : resolve(given, "from", had, "src/gen", (name) => !has(now, name));
  const [service = ""] = from.full.split("/");
  const wanted = now.filter(({ kind }) => kind === from.kind);
  const own = wanted.filter(({ full }) => from.kind === "RPC" && full.startsWith(`${service}/`));
  const isThere = own.some(({ full }) => means(full, given.to));
  const to = resolve(given, "to", isThere ? own : wanted, "the protos", (name) => !has(had, name));
  return { ...given, from: from.full, to: to.full };
}

function namesOf(services: readonly ServiceModel[], registry: FileRegistry): Name[] {
  const files = [...registry.files].filter(({ proto }) => !isWellKnown(proto.name));
  return [
    ...services.flatMap(({ typeName, methods }): Name[] => [
      { kind: "service", full: typeName },
      ...methods.map(({ name }): Name => ({ kind: "RPC", full: `${typeName}/${name}` })),
    ]),
    ...files
      .flatMap(typesOf)
      .filter(({ kind }) => kind !== "service")
      .map(({ typeName }): Name => ({ kind: "message or enum", full: typeName })),
  ];
}

function has(names: readonly Name[], { full }: Name): boolean {
  return names.some((other) => other.full === full);
}

/** Whether a full name may be given as a shorter one. */
function means(full: string, short: string): boolean {
  return full === short || full.endsWith(`.${short}`) || full.endsWith(`/${short}`);
}

/** @param isLikely decides between names that are equally short */
function resolve(
  given: Rename,
  side: "from" | "to",
  names: readonly Name[],
  where: string,
  isLikely: (name: Name) => boolean = () => true,
): Name {
  const short = given[side];
  const flag = `--${given.kind} "${printable(`${given.from}=${given.to}`)}"`;
  const exact = names.find(({ full }) => full === short);
  if (exact !== undefined) return exact;
  const all = names.filter(({ full }) => means(full, short));
  const likely = all.filter(isLikely);
  const [only, ...others] = likely.length > 0 ? likely : all;
  if (only === undefined) throw new UsageError(`${flag}: ${unknownText(short, names, where)}`);
  if (others.length === 0) return only;
  const candidates = [only, ...others].map(({ kind, full }) => `${full} (${kind})`);
  throw new UsageError(`${flag}: ${short} may be ${candidates.join(" or ")}; write it in full`);
}

function unknownText(short: string, names: readonly Name[], where: string): string {
  const what = [...new Set(names.map(({ kind }) => kind))].join(", ") || "such thing";
  const depth = short.split(/[./]/).length;
  const shortened = (full: string) =>
    full
      .split(/(?=[./])/)
      .slice(-depth)
      .join("")
      .replace(/^[./]/, "");
  const near = nearest(short, [...new Set(names.map(({ full }) => shortened(full)))]);
  const some = names.slice(0, 10).map(({ full }) => full);
  const more = names.length > some.length ? ", ..." : "";
  const hint =
    near === undefined ? `it has ${some.join(", ") || "none"}${more}` : `did you mean ${near}?`;
  return `${where} ${where.endsWith("protos") ? "have" : "has"} no ${what} "${printable(short)}"; ${hint}`;
}

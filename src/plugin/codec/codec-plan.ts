import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { claimName } from "../../print/names.ts";
import { shapeName } from "../message-names.ts";
import { lowerCamelCase } from "../names.ts";
import { follow, methodMessages, parts, reachableMessages } from "./reachable.ts";

/** What the codec file of one proto contains. */
export interface CodecFile {
  readonly file: DescFile;
  /** Its own messages, then those of files that no code is generated for, which other files repeat. */
  readonly messages: ReadonlyMap<DescMessage, CodecNames>;
  /** Names of the codecs of requests and responses of its services. */
  readonly codecs: ReadonlyMap<DescMessage, string>;
}

/** Names of the declarations for a message. */
export interface CodecNames {
  readonly bound: string;
  readonly write: string;
  readonly read: string;
  /** Type of the values that are written. */
  readonly init: string;
  /** Whether other files import them. */
  readonly isExported: boolean;
}

/** The codec files of these protos, by proto. One that would be empty is left out. */
export function planCodecs(files: readonly DescFile[]): ReadonlyMap<DescFile, CodecFile> {
  const generated = new Set(files);
  const reachable = reachableMessages(files);
  const ownOf = new Map(files.map((file): [DescFile, DescMessage[]] => [file, []]));
  for (const message of reachable) ownOf.get(message.file)?.push(message);
  const plans = [...ownOf].map(([file, own]) => planFile(file, own, generated));
  return new Map(
    plans.filter(({ messages }) => messages.size > 0).map((plan) => [plan.file, plan]),
  );
}

function planFile(
  file: DescFile,
  own: readonly DescMessage[],
  generated: ReadonlySet<DescFile>,
): CodecFile {
  const served = methodMessages([file]);
  const taken = new Set<string>();
  const messages = new Map<DescMessage, CodecNames>();
  const add = (message: DescMessage, isExported: boolean) => {
    messages.set(message, { ...claimNames(message, taken), isExported });
  };
  for (const message of own) add(message, true);
  for (const message of foreign([...served, ...own.flatMap(parts)], generated)) {
    add(message, false);
  }
  const codecs = new Map<DescMessage, string>();
  for (const message of served) {
    const name = `${lowerCamelCase(shapeName(message))}Codec`;
    codecs.set(message, claimName(name, taken));
  }
  return { file, messages, codecs };
}

/** The messages among these that are in no generated file, with their own. */
function foreign(
  starts: readonly DescMessage[],
  generated: ReadonlySet<DescFile>,
): ReadonlySet<DescMessage> {
  const found = new Set<DescMessage>();
  const isForeign = ({ file }: DescMessage) => !generated.has(file);
  for (const message of starts.filter(isForeign)) follow(message, found, isForeign);
  return found;
}

function claimNames(message: DescMessage, taken: Set<string>): Omit<CodecNames, "isExported"> {
  const shape = shapeName(message);
  const claim = (name: string) => claimName(name, taken);
  return {
    bound: claim(`bound${shape}`),
    write: claim(`write${shape}`),
    read: claim(`read${shape}`),
    init: claim(`${shape}Init`),
  };
}


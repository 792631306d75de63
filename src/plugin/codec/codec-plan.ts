import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import { claimName } from "../../print/names.ts";
import { shapeName } from "../message-names.ts";
import { lowerCamelCase } from "../names.ts";
import { methodMessages, reachableMessages } from "./reachable.ts";

/** What the codec file of a proto with services contains. */
export interface CodecFile {
  readonly file: DescFile;
  /**
   * All messages that its requests and responses consist of, those of imported files too. So the file is
   * the same whichever other files code is generated for, and it needs no other codec file.
   */
  readonly messages: ReadonlyMap<DescMessage, CodecNames>;
  /** Names of the codecs of requests and responses. */
  readonly codecs: ReadonlyMap<DescMessage, string>;
}

/** Names of the declarations for a message. */
export interface CodecNames {
  readonly write: string;
  readonly read: string;
  /** Type of the values that are written. */
  readonly init: string;
}

/** Undefined for a file without methods. */
export function planCodecs(file: DescFile): CodecFile | undefined {
  const served = methodMessages(file);
  if (served.size === 0) return undefined;
  const reachable = [...reachableMessages(served)];
  const own = reachable.filter((message) => message.file === file);
  const taken = new Set<string>();
  // Its own messages have the names that other files cannot change.
  const messages = new Map(
    [...new Set([...own, ...reachable])].map((message) => [message, claimNames(message, taken)]),
  );
  const codecs = new Map(
    [...served].map((message) => {
      return [message, claimName(`${lowerCamelCase(shapeName(message))}Codec`, taken)];
    }),
  );
  return { file, messages, codecs };
}

function claimNames(message: DescMessage, taken: Set<string>): CodecNames {
  const shape = shapeName(message);
  const claim = (name: string) => claimName(name, taken);
  return {
    write: claim(`write${shape}`),
    read: claim(`read${shape}`),
    init: claim(`${shape}Init`),
  };
}

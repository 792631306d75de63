import { type SplitArguments, splitArguments } from "../../reflection/address.ts";
import { isProtoPath } from "../../scaffold/protos/names.ts";
import { misplacedProto, unexpectedArgument } from "../input.ts";

/**
 * Reads the arguments of a command that asks a server: the address, which may be left out, and others.
 *
 * @param most how many others there may be
 * @throws UsageError for a malformed address, a proto, and an argument too many
 */
export function readArguments(
  command: string,
  args: readonly string[],
  most: number,
): SplitArguments {
  const proto = args.find(isProtoPath);
  if (proto !== undefined) throw misplacedProto(proto);
  const { address, rest } = splitArguments(args);
  const extra = rest[most];
  if (extra !== undefined) throw unexpectedArgument(command, extra);
  return { address, rest };
}

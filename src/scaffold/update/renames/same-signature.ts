import type { DescField, DescMessage, Registry } from "@bufbuild/protobuf";
import type { MessageModel, MethodModel } from "../../../plugin/model.ts";

/** The messages of the last state, and those of the protos as they are. */
export interface MessageStates {
  readonly was: Registry;
  readonly is: Registry;
}

/** Whether two RPCs differ in their names only, those of their messages included. */
export function sameSignature(states: MessageStates, from: MethodModel, to: MethodModel): boolean {
  return (
    from.kind === to.kind &&
    likeMessages(states, from.input, to.input) === 1 &&
    likeMessages(states, from.output, to.output) === 1
  );
}

/** How much of a message another one has: 1 for the same name or the same fields. */
export function likeMessages(
  { was, is }: MessageStates,
  from: MessageModel,
  to: MessageModel,
): number {
  if (from.typeName === to.typeName) return 1;
  const [a, b] = [was.getMessage(from.typeName), is.getMessage(to.typeName)];
  return a === undefined || b === undefined ? 0 : likeFields(a, b);
}

export function likeFields(a: DescMessage, b: DescMessage): number {
  const text = ({ number, name, proto }: DescField) =>
    [number, name, proto.type, proto.label].join();
  const others = new Set(b.fields.map(text));
  const common = a.fields.filter((field) => others.has(text(field)));
  const most = Math.max(a.fields.length, b.fields.length);
  return most === 0 ? 1 : common.length / most;
}

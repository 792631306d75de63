/**
 * Orders the messages of a room: `<milliseconds>-<number>`, as in a stream of Redis. Messages that only
 * this server has, since Redis was away, follow the last shared one: `<milliseconds>-<number>.<number>`.
 */
export interface MessageId {
  readonly ms: number;
  readonly number: number;
  readonly local: number;
}

/** Before all messages. */
export const firstId: MessageId = { ms: 0, number: 0, local: 0 };

/** Undefined for a text that is not an id. */
export function parseMessageId(text: string): MessageId | undefined {
  const [, ms, number, local = "0"] = /^(\d{1,15})-(\d{1,15})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (ms === undefined || number === undefined) return undefined;
  return { ms: Number(ms), number: Number(number), local: Number(local) };
}

export function formatMessageId({ ms, number, local }: MessageId): string {
  return local === 0 ? `${ms}-${number}` : `${ms}-${number}.${local}`;
}

/** Whether `a` comes after `b`. */
export function isLater(a: MessageId, b: MessageId): boolean {
  if (a.ms !== b.ms) return a.ms > b.ms;
  return a.number === b.number ? a.local > b.local : a.number > b.number;
}

/** The id of a message of now, when this server alone gives them. */
export function nextId(last: MessageId, nowMs: number): MessageId {
  if (nowMs > last.ms) return { ms: nowMs, number: 0, local: 0 };
  return { ms: last.ms, number: last.number + 1, local: 0 };
}

/** The id of a message that other servers will not see. */
export function nextLocalId(last: MessageId): MessageId {
  return { ...last, local: last.local + 1 };
}

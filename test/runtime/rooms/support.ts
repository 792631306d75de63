import type { Member, RoomEvent, Rooms } from "../../../runtime/src/rooms/index.ts";

/** `ada: hello` for a message, `+ada` and `-ada` for who comes and goes. */
export function textOf(event: RoomEvent): string {
  if (event.kind === "message") return `${event.member}: ${event.text}`;
  return `${event.kind === "joined" ? "+" : "-"}${event.member}`;
}

/** The next events, as texts. */
export async function take(member: Member, count: number): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < count) {
    const { done, value } = await member.next();
    if (done === true) throw new Error(`the room has ended after ${JSON.stringify(texts)}`);
    texts.push(textOf(value));
  }
  return texts;
}

/** All events until the end, as texts. */
export async function rest(member: Member): Promise<string[]> {
  const texts: string[] = [];
  for await (const event of member) texts.push(textOf(event));
  return texts;
}

/** Joins; `signal` is one that never aborts, unless it is given. */
export function join(
  rooms: Rooms,
  room: string,
  member: string,
  options: { after?: string; signal?: AbortSignal } = {},
): Promise<Member> {
  return rooms.join(room, { member, signal: new AbortController().signal, ...options });
}

export async function say(member: Member, ...texts: string[]): Promise<void> {
  for (const text of texts) await member.send(text);
}

export async function* iterate<T>(...values: T[]): AsyncIterable<T> {
  yield* values;
}

import type { DescMessage } from "@bufbuild/protobuf";
import type { Random } from "./random.ts";

/** Where in a message a value is made. */
export interface Place {
  /** From the outermost message, as protovalidate writes it: `users[0].email`. */
  readonly path: string;
  readonly random: Random;
  /** How often rules have refused what was made here, or in a message around it. */
  readonly attempt: number;
  /** How many messages may be made in here. */
  readonly room: number;
  /** Types of the messages around it, outermost first. */
  readonly around: readonly DescMessage[];
}

/** How often rules have refused the value of a path. Another number makes another value. */
export type Refusals = ReadonlyMap<string, number>;

/** How many messages an example consists of, at most, unless rules demand more. */
const room = 300;

/** The outermost message. */
export function root(random: Random): Place {
  return { path: "", random, attempt: 0, room, around: [] };
}

/** A field of a message, or an item of a list. */
export function inside(place: Place, path: string, refusals: Refusals): Place {
  const refused = refusals.get(path) ?? 0;
  const label = refused === 0 ? path : `${path}#${refused}`;
  return {
    ...place,
    path,
    random: place.random.fork(label),
    attempt: place.attempt + refused,
  };
}

/** The path of a field of the message at a place. */
export function fieldPath({ path }: Place, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

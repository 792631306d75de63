import type { Record as RecordMessage } from "../gen/data_pb.ts";
import type { Time } from "./record-store.ts";

const maxIdLength = 64;
const maxDataLength = 65_536;

/** The years 1 to 9999, as for every `google.protobuf.Timestamp`, in seconds since 1970. */
const [minSeconds, maxSeconds] = [-62_135_596_800n, 253_402_300_799n];

/** Names the first field of a record that is not valid, and says what it must be. */
export function flawOf({ id, time, data }: RecordMessage): string | undefined {
  const flaw = flawOfId(id);
  if (flaw !== undefined) return `id: ${flaw}`;
  if (time === undefined) return "time: must be set";
  if (!isTime(time)) return "time: must be from year 1 to 9999";
  if (data.length > maxDataLength) return `data: must have at most ${maxDataLength} characters`;
  return data.includes("\0") ? "data: must not contain NUL" : undefined;
}

/** Says what an id must be, if it is not. */
export function flawOfId(id: string): string | undefined {
  if (id === "") return "must not be empty";
  if (id.length > maxIdLength) return `must have at most ${maxIdLength} characters`;
  return id.includes("\0") ? "must not contain NUL" : undefined;
}

export function isTime({ seconds, nanos }: Time): boolean {
  return seconds >= minSeconds && seconds <= maxSeconds && nanos >= 0 && nanos < 1_000_000_000;
}

// What failing handlers say.

/** No caller may ever read this. */
export const secret = "secret-of-the-server";

export const texts = {
  surrogate: "no such user: \ud83d",
  control: "one\r\ntwo\0three",
  long: "x".repeat(200_000),
};

/** `int32` cannot carry it. */
export const unencodable = { number: 1n };

/** Belongs to HTTP/1. */
export const badTrailer = ["connection", "close"];

export const floodMessages = 1_000_000;

/** Each message of a flood is another one, as messages are. */
export const kilobyte = () => ({ payload: Buffer.alloc(1024, 7) });

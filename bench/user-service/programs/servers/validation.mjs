// The rules of user.proto by hand, for the stacks without a validator.
import { invalid } from "./refusal.mjs";

const email = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

/** A user as it is stored. @throws Refusal */
export function newUser(request) {
  const user = {
    name: request.name.trim(),
    email: request.email.trim(),
    age: request.age,
    hobbies: request.hobbies.map((hobby) => hobby.trim()),
  };
  requireText("name", user.name, 100);
  requireText("email", user.email, 254);
  if (!email.test(user.email)) throw invalid("email: must be an email address");
  requireRange("age", user.age, 0, 150);
  if (user.hobbies.length > 20) throw invalid("hobbies: must have at most 20 entries");
  for (const hobby of user.hobbies) requireText("hobbies", hobby, 100);
  return user;
}

function requireText(field, text, most) {
  if (text === "") throw invalid(`${field}: must not be empty`);
  if (text.length > most) throw invalid(`${field}: must have at most ${most} characters`);
}

export function requireRange(field, value, least, most = 2 ** 31 - 1) {
  if (value < least || value > most) throw invalid(`${field}: must be from ${least} to ${most}`);
}

export const maxBatchSize = 1000;

/** The part of all users that a page has. @throws Refusal */
export function rangeOf({ page, limit }) {
  requireRange("page", page, 0);
  requireRange("limit", limit, 0);
  const size = Math.min(limit || 10, 100);
  return { offset: page * size, limit: size };
}

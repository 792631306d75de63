import { requireValid } from "grpc-service/error-details";
import type { CreateUserRequest } from "../gen/user_pb.ts";
import type { UserMessages } from "./messages.ts";
import type { NewUser } from "./user-store.ts";

const maxNameLength = 100;
const maxEmailLength = 254;
const maxAge = 150;
const maxHobbies = 20;
const maxHobbyLength = 100;

/** Validates a request. @throws GrpcError INVALID_ARGUMENT that names each invalid field. */
export function newUser(request: CreateUserRequest, messages: UserMessages): NewUser {
  const user = {
    name: request.name.trim(),
    email: request.email.trim(),
    age: request.age,
    hobbies: request.hobbies.map((hobby) => hobby.trim()),
  };
  requireValid({
    name: checkText(user.name, maxNameLength, messages),
    email: checkEmail(user.email, messages),
    age: (user.age >= 0 && user.age <= maxAge) || messages.outOfRange(user.age, 0, maxAge),
    hobbies: checkHobbies(user.hobbies, messages),
  });
  // An accented letter is one character or two: stores compare one form. A long text would take seconds.
  return { ...user, email: user.email.normalize("NFC") };
}

function checkText(text: string, maxLength: number, messages: UserMessages): true | string {
  if (text === "") return messages.required;
  return text.length <= maxLength || messages.tooLong(maxLength);
}

/** Catches typing errors. Only a message to the address can show that it exists. */
function checkEmail(email: string, messages: UserMessages): true | string {
  const text = checkText(email, maxEmailLength, messages);
  if (text !== true) return text;
  return /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(email) || messages.malformedEmail;
}

function checkHobbies(hobbies: readonly string[], messages: UserMessages): true | string {
  if (hobbies.length > maxHobbies) return messages.tooMany(maxHobbies);
  const checks = hobbies.map((hobby) => checkText(hobby, maxHobbyLength, messages));
  return checks.find((check) => check !== true) ?? true;
}

// Requests with the rules of class-validator. Decorators are applied by hand: this is no TypeScript.
import "reflect-metadata";
import { Transform } from "class-transformer";
import {
  ArrayMaxSize,
  IsArray,
  IsEmail,
  IsInt,
  IsNotEmpty,
  IsString,
  Max,
  MaxLength,
  Min,
} from "class-validator";

export class CreateUserRequest {}
export class GetUserRequest {}
export class ListUsersRequest {}
export class StreamUsersRequest {}

const trimmed = Transform(({ value }) => value.trim());
const allTrimmed = Transform(({ value }) => value.map((text) => text.trim()));
const each = { each: true };

function decorate({ prototype }, fields) {
  for (const [name, decorators] of Object.entries(fields)) {
    for (const decorator of decorators.reverse()) decorator(prototype, name);
  }
}

decorate(CreateUserRequest, {
  name: [trimmed, IsString(), IsNotEmpty(), MaxLength(100)],
  email: [trimmed, IsEmail(), MaxLength(254)],
  age: [IsInt(), Min(0), Max(150)],
  hobbies: [
    allTrimmed,
    IsArray(),
    ArrayMaxSize(20),
    IsString(each),
    IsNotEmpty(each),
    MaxLength(100, each),
  ],
});
decorate(GetUserRequest, { id: [IsInt(), Min(1)] });
decorate(ListUsersRequest, { page: [IsInt(), Min(0)], limit: [IsInt(), Min(0)] });
decorate(StreamUsersRequest, {
  delaySeconds: [IsInt(), Min(0), Max(60)],
});

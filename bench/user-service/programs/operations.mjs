// What the load calls. Messages of ts-proto, since they cost the load least.
import {
  CreateUserRequest,
  CreateUserResponse,
  GetUserRequest,
  ListUsersRequest,
  ListUsersResponse,
  StreamUsersRequest,
  User,
} from "./gen/ts-proto/user.js";

/** Users that the table has before each slice, with the ids from 1 on. */
const seeded = 1000;
const batchSize = 100;
const pageSize = 20;

let created = 0;

/** One that no table has. */
function anotherUser() {
  created += 1;
  return {
    name: "Ada Lovelace",
    email: `Ada.${process.pid}.${created}@example.com`,
    age: 36,
    hobbies: ["mathematics", "music", "horses"],
  };
}

/** Numbers from 0 to `count` - 1, none of them soon again. */
function spread(count) {
  let number = 0;
  return () => {
    number = (number + 389) % count;
    return number;
  };
}

const nextId = spread(seeded);
const nextPage = spread(seeded / pageSize);

/** Path, and the messages of a call; how to read an answer, and how many of them there must be. */
export const operations = {
  create: {
    path: "CreateUser",
    requests: () => [CreateUserRequest.encode(anotherUser()).finish()],
    response: CreateUserResponse,
    answers: 1,
  },
  get: {
    path: "GetUser",
    requests: () => [GetUserRequest.encode({ id: nextId() + 1 }).finish()],
    response: User,
    answers: 1,
  },
  list: {
    path: "ListUsers",
    requests: () => [ListUsersRequest.encode({ page: nextPage(), limit: pageSize }).finish()],
    response: ListUsersResponse,
    answers: 1,
  },
  stream: {
    path: "StreamUsers",
    requests: () => [StreamUsersRequest.encode({ delaySeconds: 0 }).finish()],
    response: User,
    answers: seeded,
  },
  batch: {
    path: "CreateBatchUsers",
    requests: () =>
      Array.from({ length: batchSize }, () => CreateUserRequest.encode(anotherUser()).finish()),
    response: CreateUserResponse,
    answers: 1,
  },
};

const user = { name: "Grace", email: "grace@example.com", age: 85, hobbies: ["navy"] };
const create = (changes = {}) => CreateUserRequest.encode({ ...user, ...changes }).finish();

/** Calls that every stack must answer alike, on a table as before a slice. */
export const probes = [
  ["get", [GetUserRequest.encode({ id: 7 }).finish()]],
  ["get", [GetUserRequest.encode({ id: 0 }).finish()]],
  ["get", [GetUserRequest.encode({ id: 5000 }).finish()]],
  ["list", [ListUsersRequest.encode({ page: 3, limit: 5 }).finish()]],
  ["list", [ListUsersRequest.encode({ page: 0, limit: 0 }).finish()]],
  ["list", [ListUsersRequest.encode({ page: 99, limit: 500 }).finish()]],
  ["list", [ListUsersRequest.encode({ page: -1, limit: 5 }).finish()]],
  ["stream", [StreamUsersRequest.encode({ delaySeconds: 0 }).finish()]],
  ["stream", [StreamUsersRequest.encode({ delaySeconds: 99 }).finish()]],
  ["create", [create({ name: " Grace " })]],
  ["batch", [create({ email: "a@example.com" }), create({ email: "b@example.com" })]],
  // What is refused from here on may use up an id.
  ["create", [create({ email: "Grace@Example.com" })]],
  ["create", [create({ name: " " })]],
  ["create", [create({ email: "nowhere" })]],
  ["create", [create({ age: 200 })]],
  ["create", [create({ hobbies: [""] })]],
  ["batch", [create({ email: "c@example.com" }), create({ email: "C@example.com" })]],
  ["batch", [create({ email: "d@example.com" }), create({ age: -1 })]],
  ["list", [ListUsersRequest.encode({ page: 50, limit: 20 }).finish()]],
];

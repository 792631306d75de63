// What handlers do with messages that are plain objects; the same in every stack.
import { sampleUser } from "./sample.mjs";

export const plainMessages = {
  user: ({ id }) => ({ ...sampleUser, id: id ?? sampleUser.id }),
  count: (request) => request.count,
  counted: (count) => ({ count }),
  echo: (user) => ({
    id: user.id,
    name: user.name,
    email: user.email,
    age: user.age,
    hobbies: user.hobbies,
    status: user.status,
  }),
};

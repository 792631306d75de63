import { GrpcError } from "grpc-service";
import type { UserServiceClient } from "../gen/user_client.ts";
import { type User, UserStatusSchema } from "../gen/user_pb.ts";

/** Called once for each line of the demonstration. */
export type Print = (line: string) => void;

/**
 * Calls every RPC of the service and prints the responses.
 *
 * @param run part of every email, to make them unique per run
 * @throws GrpcError of the first call with an unexpected result
 */
export async function demonstrate(
  users: UserServiceClient,
  print: Print,
  run: string,
): Promise<void> {
  print("CreateUser (unary)");
  const { user, message } = await users.createUser({
    name: "홍길동",
    email: `hong.${run}@example.com`,
    age: 30,
    hobbies: ["독서", "등산"],
  });
  if (user === undefined) throw new Error("CreateUser returned no user");
  print(`  ${message}: ${describe(user)}`);

  print("CreateUser with a bad email (unary, refused)");
  const refusal = await failure(users.createUser({ name: "Nobody", email: "nowhere" }));
  print(`  [${refusal.code}] ${refusal.rawMessage}`);
  if (refusal.code !== "INVALID_ARGUMENT") throw refusal;

  print("GetUser (unary)");
  print(`  ${describe(await users.getUser({ id: user.id }))}`);

  print("CreateBatchUsers (client streaming)");
  const batch = ["Ada", "Grace", "Barbara"].map((name) => ({
    name,
    email: `${name}.${run}@example.com`,
  }));
  print(`  ${(await users.createBatchUsers(batch)).message}`);

  print("ChatWithUsers (bidirectional streaming)");
  const conversation = [
    { name: "김철수", email: `kim.${run}@example.com` },
    { name: "Edsger", email: `edsger.${run}@example.com` },
  ];
  for await (const created of users.chatWithUsers(conversation)) print(`  ${describe(created)}`);

  print("ListUsers (unary)");
  const { users: page, total } = await users.listUsers({ page: 0, limit: 3 });
  print(`  ${page.length} of ${total}: ${page.map(({ name }) => name).join(", ")}`);

  print("StreamUsers (server streaming)");
  let count = 0;
  for await (const streamed of users.streamUsers({})) {
    count += 1;
    if (count <= 3) print(`  ${describe(streamed)}`);
  }
  print(`  ${count} users in all`);
}

function describe({ id, name, email, status, hobbies }: User): string {
  const likes = hobbies.length > 0 ? `, likes ${hobbies.join(" and ")}` : "";
  return `#${id} ${name} <${email}> ${UserStatusSchema.value[status]?.name}${likes}`;
}

async function failure(call: Promise<unknown>): Promise<GrpcError> {
  try {
    await call;
  } catch (error) {
    return GrpcError.from(error);
  }
  throw new Error("the call should have been refused");
}

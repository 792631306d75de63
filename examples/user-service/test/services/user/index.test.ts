import { Client, credentials, status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { userServiceDefinition } from "../../../src/gen/user_grpc.ts";
import { startApp } from "../../start-app.ts";

const passThrough = (message: Buffer) => message;

test("every RPC of user.UserService refuses a caller without a token", async () => {
  const app = await startApp();
  const client = new Client(app.address, credentials.createInsecure());
  try {
    // This fits streams too: they are refused before a message is read.
    for (const { path } of Object.values(userServiceDefinition)) {
      const error = await new Promise((resolve) => {
        client.makeUnaryRequest(path, passThrough, passThrough, Buffer.alloc(0), resolve);
      });
      expect(error, path).toMatchObject({ code: status.UNAUTHENTICATED });
    }
  } finally {
    client.close();
    await app.close();
  }
});

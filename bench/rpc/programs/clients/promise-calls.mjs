// Calls of nice-grpc, connect-node and ours: promises and iteration.
import { check } from "./drive.mjs";

export function promiseCalls(client) {
  return {
    unary: (done, fail) => void callOnce(client).then(done, fail),
    async stream(count) {
      let received = 0;
      for await (const _user of client.streamUsers({ count })) received += 1;
      return received;
    },
  };
}

async function callOnce(client) {
  check(await client.getUser({ id: 42 }));
}

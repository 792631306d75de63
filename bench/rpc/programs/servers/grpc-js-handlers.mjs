// Handlers for grpc-js by its own interface, waiting for slow readers as its streams ask for.

/**
 * @param codec `user(id)` makes a reply, `count` reads the request of a stream, `counted(n)` is the
 *   reply to a stream of requests, `echo` answers a request with a reply
 */
export function usersImplementation({ user, count, counted, echo }) {
  return {
    getUser(call, callback) {
      callback(null, user(call.request));
    },
    streamUsers(call) {
      const total = count(call.request);
      let sent = 0;
      const send = () => {
        while (sent < total) {
          sent += 1;
          if (!call.write(user(call.request))) return void call.once("drain", send);
        }
        call.end();
      };
      send();
    },
    createUsers(call, callback) {
      let total = 0;
      call.on("data", () => {
        total += 1;
      });
      call.on("end", () => callback(null, counted(total)));
    },
    chatWithUsers(call) {
      call.on("data", (request) => {
        if (call.write(echo(request))) return;
        call.pause();
        call.once("drain", () => call.resume());
      });
      call.on("end", () => call.end());
    },
    download(call) {
      const { chunks, chunkBytes } = call.request;
      const data = Buffer.alloc(chunkBytes, 7);
      let sent = 0;
      const send = () => {
        while (sent < chunks) {
          sent += 1;
          if (!call.write({ data })) return void call.once("drain", send);
        }
        call.end();
      };
      send();
    },
    upload(call, callback) {
      let bytes = 0;
      call.on("data", (chunk) => {
        bytes += chunk.data.length;
      });
      call.on("end", () => callback(null, { bytes }));
    },
  };
}

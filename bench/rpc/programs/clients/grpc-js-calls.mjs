// Calls by grpc-js' own interface: callbacks and events.

export function callbackCalls(client, getUserRequest, streamUsersRequest, check) {
  return {
    unary(done, fail) {
      client.getUser(getUserRequest, (error, user) => {
        if (error) return fail(error);
        check(user);
        done();
      });
    },
    stream: eventStream(client, streamUsersRequest),
  };
}

export function eventStream(client, streamUsersRequest) {
  return (count) =>
    new Promise((resolve, reject) => {
      let received = 0;
      const call = client.streamUsers(streamUsersRequest(count));
      call.on("data", () => {
        received += 1;
      });
      call.on("error", reject);
      call.on("end", () => resolve(received));
    });
}

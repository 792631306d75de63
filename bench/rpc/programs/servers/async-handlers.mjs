// Handlers as promises and generators: what nice-grpc, connect-node and ours ask for.
import { plainMessages } from "../messages.mjs";

const { user, counted, echo } = plainMessages;

export const usersHandlers = {
  async getUser(request) {
    return user(request);
  },
  async *streamUsers({ count }) {
    for (let sent = 0; sent < count; sent += 1) yield user({});
  },
  async createUsers(requests) {
    let count = 0;
    for await (const _request of requests) count += 1;
    return counted(count);
  },
  async *chatWithUsers(requests) {
    for await (const request of requests) yield echo(request);
  },
  async *download({ chunks, chunkBytes }) {
    const data = Buffer.alloc(chunkBytes, 7);
    for (let sent = 0; sent < chunks; sent += 1) yield { data };
  },
  async upload(chunks) {
    let bytes = 0;
    for await (const { data } of chunks) bytes += data.length;
    return { bytes };
  },
};

// Moves much data down and up for a while. Takes a JSON object: address, stack and its options.
import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { control } from "../control.mjs";
import { UsersClient } from "../gen/own/users_client.js";
import { usersDefinition } from "../protobuf-es-definition.mjs";

const { address, stack, channelOptions, chunkBytes } = JSON.parse(process.argv[2]);
const chunk = { data: Buffer.alloc(chunkBytes, 7) };
const enough = 1_000_000;

const stacks = { "grpc-js": overGrpcJs, ours: overOurs };
const { download, upload } = stacks[stack]();

control(null, {
  download: ({ ms }) => timed((isOver) => download(isOver), ms),
  upload: ({ ms }) => timed((isOver) => upload(isOver), ms),
});

async function timed(work, ms) {
  const start = performance.now();
  const bytes = await work(() => performance.now() - start > ms);
  return { bytes, ms: performance.now() - start };
}

function overOurs() {
  const client = new UsersClient(address, { channelOptions, streamTimeoutMs: 0 });
  return {
    async download(isOver) {
      let bytes = 0;
      for await (const { data } of client.download({ chunks: enough, chunkBytes })) {
        bytes += data.length;
        if (isOver()) break;
      }
      return bytes;
    },
    async upload(isOver) {
      async function* chunks() {
        while (!isOver()) yield chunk;
      }
      return (await client.upload(chunks())).bytes;
    },
  };
}

function overGrpcJs() {
  const Client = makeGenericClientConstructor(usersDefinition, "Users");
  const client = new Client(address, credentials.createInsecure(), channelOptions);
  return {
    download: (isOver) =>
      new Promise((resolve) => {
        let bytes = 0;
        const call = client.download({ chunks: enough, chunkBytes });
        call.on("data", ({ data }) => {
          bytes += data.length;
          if (isOver()) call.cancel();
        });
        // It ends as cancelled.
        call.on("error", () => resolve(bytes));
      }),
    upload: (isOver) =>
      new Promise((resolve, reject) => {
        const call = client.upload((error, reply) =>
          error ? reject(error) : resolve(reply.bytes),
        );
        const send = () => {
          while (!isOver()) if (!call.write(chunk)) return void call.once("drain", send);
          call.end();
        };
        send();
      }),
  };
}

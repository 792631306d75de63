// node:http2 with gRPC framing by hand: fixed bytes, nothing decoded. The ceiling of Node.
import { createServer } from "node:http2";
import { control } from "../control.mjs";
import { frame, pieces, Unframer, writeAll } from "../framing.mjs";
import { numberBytes, numberIn, sampleUserBytes } from "../sample.mjs";

const user = frame(sampleUserBytes);

const methods = {
  "/bench.Users/GetUser": (stream) => {
    stream.resume();
    stream.on("end", () => stream.end(user));
  },
  "/bench.Users/StreamUsers": (stream) => {
    let count = 0;
    const body = new Unframer((bytes, start, end) => {
      count = numberIn(bytes.subarray(start, end));
    });
    stream.on("data", (chunk) => body.push(chunk));
    stream.on("end", () => writeAll(stream, pieces(user, count)));
  },
  "/bench.Users/CreateUsers": (stream) => {
    let count = 0;
    const body = new Unframer(() => {
      count += 1;
    });
    stream.on("data", (chunk) => body.push(chunk));
    stream.on("end", () => stream.end(frame(numberBytes(count))));
  },
  "/bench.Users/ChatWithUsers": (stream) => {
    stream.pipe(stream);
  },
};

const server = createServer();
server.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  stream.respond(
    { ":status": 200, "content-type": "application/grpc+proto" },
    { waitForTrailers: true },
  );
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  methods[headers[":path"]](stream);
});
server.listen(0, "127.0.0.1", () => control({ port: server.address().port }));

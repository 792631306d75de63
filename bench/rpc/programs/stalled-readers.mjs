// Opens streams and never reads them; or reads one to its end.
import { connect } from "node:http2";
import { control } from "./control.mjs";
import { frame, requestHeaders } from "./framing.mjs";

control(null, {
  /** Settles when the response has begun. */
  stall({ port, chunks, chunkBytes }) {
    return new Promise((resolve) => {
      open(port, chunks, chunkBytes).once("response", () => resolve());
    });
  },
  read({ port, chunks, chunkBytes }) {
    return new Promise((resolve) => {
      open(port, chunks, chunkBytes).on("close", resolve).resume();
    });
  },
});

function open(port, chunks, chunkBytes) {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request(requestHeaders("/bench.Users/Download"));
  stream.on("close", () => session.close());
  stream.end(frame(Buffer.concat([numberField(0x08, chunks), numberField(0x10, chunkBytes)])));
  return stream;
}

function numberField(tag, value) {
  const bytes = [tag];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

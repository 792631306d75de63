// Encodes and decodes with one library: `codecs/<first argument>.mjs`.
import { control } from "./control.mjs";

const { codecOf } = await import(`./codecs/${process.argv[2]}.mjs`);
const loaded = new Map();

/** Keeps the last result, so that no work is left out. */
let result;

control(null, {
  /** Decodes the messages of a fixture and answers with the bytes that they are encoded to. */
  load({ name, type, bytes }) {
    const { encode, decode } = codecOf(type);
    const received = bytes.map((each) => Buffer.from(each, "base64"));
    const messages = received.map(decode);
    const size = received.reduce((sum, { length }) => sum + length, 0) / received.length;
    // Between two looks at the clock.
    const batch = 2 + Math.ceil(20_000 / size);
    loaded.set(name, {
      encode: { work: encode, inputs: messages, batch },
      decode: { work: decode, inputs: received, batch },
    });
    return messages.map((message) => Buffer.from(encode(message)).toString("base64"));
  },
  /** All fixtures in turn, so that none has the compiler for itself. */
  warmUp({ ms }) {
    for (let round = 0; round < 3; round += 1) {
      for (const each of loaded.values()) for (const step of Object.values(each)) run(step, ms);
    }
  },
  slice: ({ name, direction, ms }) => run(loaded.get(name)[direction], ms),
});

/** Operations in a second of CPU time: garbage collection counts, the work of others does not. */
function run({ work, inputs, batch }, ms) {
  const { length } = inputs;
  const before = process.cpuUsage();
  const end = performance.now() + ms;
  let count = 0;
  while (performance.now() < end) {
    for (let i = 0; i < batch; i += 1) result = work(inputs[i % length]);
    count += batch;
  }
  const { user, system } = process.cpuUsage(before);
  return { rate: result === undefined ? 0 : (count / (user + system)) * 1e6 };
}

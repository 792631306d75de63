import { Transform, type TransformCallback } from "node:stream";

/** Ctrl-U clears a line in every shell; in `prompts` Ctrl-G does. */
const [ctrlU, ctrlG] = [0x15, 0x07];

/** Standard input for `prompts`, which treats it as a terminal. */
class TerminalKeys extends Transform {
  readonly isTTY = true;

  setRawMode(mode: boolean): this {
    process.stdin.setRawMode(mode);
    return this;
  }

  override _transform(keys: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, Buffer.from(keys.map((key) => (key === ctrlU ? ctrlG : key))));
  }
}

/**
 * Shows a prompt whose standard input knows the keys that people edit a line with. Between prompts nothing
 * is read, so that the process can end.
 */
export async function withTerminalKeys<T>(show: (stdin: Transform) => Promise<T>): Promise<T> {
  // Some terminals do not know their size: each letter would get a line of its own.
  const { stdin, stdout } = process;
  if (stdout.columns === 0) Object.assign(stdout, { columns: 80, rows: 24 });
  const keys = new TerminalKeys();
  stdin.pipe(keys);
  try {
    return await show(keys);
  } finally {
    stdin.unpipe(keys);
    stdin.pause();
  }
}

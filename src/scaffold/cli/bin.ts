#!/usr/bin/env node
import { main } from "./main.ts";

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The first asks to stop and clean up, a second one does not wait. The handler has to stay: with
  // none there, libraries that clean up after child processes end this one by the signal.
  process.on(signal, () => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}

// A reader that left early, as in `create-grpc-service --help | head -1`, is no failure.
process.stdout.on("error", () => undefined);
process.stderr.on("error", () => undefined);

// Without await: the bundle is CommonJS.
void main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  // Where nobody has told the terminal its size, that is 0.
  columns: process.stdout.columns || 80,
  signal: interrupt.signal,
  print: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});

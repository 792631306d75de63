// Loaded into each measured process: writes the peak of its resident memory, in KB, on descriptor 3.
// Linux counts what a child shares with its parent before it starts; VmHWM begins with the program.
const { readFileSync, writeSync } = require("node:fs");

process.on("exit", () => {
  writeSync(3, String(peak()));
});

function peak() {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  const status = readFileSync("/proc/self/status", "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
}

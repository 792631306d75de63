// The side of a measured program that talks to the benchmark.

/** Reports that the program is ready, and answers questions from then on. */
export function control(ready, answers = {}) {
  const all = { usage, ...answers };
  process.on("message", async (text) => {
    const { id, question, argument } = JSON.parse(text);
    try {
      tell({ id, answer: (await all[question](argument)) ?? null });
    } catch (error) {
      tell({ id, error: String(error?.stack ?? error) });
    }
  });
  tell({ id: 0, answer: ready });
}

function tell(message) {
  // The benchmark may be gone.
  process.send?.(JSON.stringify(message), () => {});
}

/** CPU time so far in microseconds, resident memory in bytes. */
function usage() {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, rss: process.memoryUsage.rss() };
}

process.on("disconnect", () => process.exit());

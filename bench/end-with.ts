/** Runs a benchmark and ends the process with its exit code, or with 2 and one line when it throws. */
export async function endWith(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
}

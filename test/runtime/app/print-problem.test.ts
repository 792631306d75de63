import { expect, test, vi } from "vitest";
import { printProblem } from "../../../runtime/src/app/print-problem.ts";
import { ConfigError } from "../../../runtime/src/config/index.ts";
import { GrpcError } from "../../../runtime/src/index.ts";
import { cleanUp } from "../support/echo.ts";

/** What is printed for a problem. */
function printed(problem: unknown): unknown {
  const print = vi.spyOn(console, "error").mockImplementation(() => {});
  cleanUp(() => print.mockRestore());
  printProblem(problem);
  expect(print).toHaveBeenCalledOnce();
  return print.mock.lastCall?.[0];
}

test.each([
  ["the message of an error", new Error("no such file"), "no such file"],
  ["the first line of a message", new Error("it failed\nat line 3"), "it failed"],
  [
    "the code of a refused connection",
    Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }),
    "ECONNREFUSED",
  ],
  ["the name of an error without a message", new TypeError(), "TypeError"],
  [
    "the cause of a GrpcError",
    new GrpcError("UNAVAILABLE", "try again later", { cause: new Error("disk full") }),
    "disk full",
  ],
  ["a GrpcError without a cause", new GrpcError("NOT_FOUND", "no user 1"), "[NOT_FOUND] no user 1"],
  ["a thrown text", "out of luck", "out of luck"],
  [
    "one line per wrong setting",
    new ConfigError(["PORT must be set", "ENV must be set"]),
    "PORT must be set\nENV must be set",
  ],
])("printProblem prints %s", (_what, problem, line) => {
  expect(printed(problem)).toBe(line);
});

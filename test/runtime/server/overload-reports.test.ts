import { afterEach, expect, test, vi } from "vitest";
import { type Overload, OverloadReports } from "../../../runtime/src/server/overload.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("each report has the calls since the last one, every ten seconds at most", () => {
  let nowMs = 0;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  const overloads: Overload[] = [];
  const reports = new OverloadReports((overload) => overloads.push(overload));
  for (let call = 0; call < 5; call += 1) reports.count("/a.B/C");
  expect(overloads).toEqual([{ shed: 1 }]);
  nowMs += 9_999;
  reports.count("/a.B/C");
  expect(overloads).toHaveLength(1);
  nowMs += 1;
  reports.count("/a.B/C");
  nowMs += 10_000;
  reports.count("/a.B/C");
  expect(overloads).toEqual([{ shed: 1 }, { shed: 6 }, { shed: 1 }]);
});

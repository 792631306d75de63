import { expect, test } from "vitest";
import { mayCall } from "../../../runtime/src/connect/index.ts";
import { healthServiceDefinition } from "../../../runtime/src/health/index.ts";

const services = [healthServiceDefinition];

test.each(["localhost:50051", "127.0.0.1:50051", "[::1]:50051"])("%s may be called", (address) => {
  const lines: string[] = [];
  expect(mayCall({ address, services }, [], (line) => lines.push(line))).toBe(true);
  expect(lines).toEqual([]);
});

test("another machine may be called with --anywhere only, otherwise the calls are printed", () => {
  const address = "shop.example:443";
  const lines: string[] = [];
  expect(mayCall({ address, services }, [], (line) => lines.push(line))).toBe(false);
  expect(lines).toEqual([
    "shop.example:443 is not this machine. Nothing was called. With --anywhere this would be called:",
    "  grpc.health.v1.Health/Check",
    "  grpc.health.v1.Health/List",
    "  grpc.health.v1.Health/Watch",
  ]);
  expect(mayCall({ address, services }, ["--anywhere"])).toBe(true);
});

test.each(["localhost.example:50051", "127.example:50051", "[fd00::1]:50051"])(
  "%s is another machine",
  (address) => expect(mayCall({ address, services }, [], () => {})).toBe(false),
);

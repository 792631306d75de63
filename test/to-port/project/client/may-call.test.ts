import { expect, test } from "vitest";
import { mayCall } from "../../src/client/may-call.ts";
import { healthServiceDefinition } from "../../src/gen/runtime/health/index.ts";

const services = [healthServiceDefinition];

test.each(["localhost:50051", "127.0.0.1:50051", "[::1]:50051"])("%s is called", (address) => {
  const lines: string[] = [];
  expect(mayCall({ address, services }, [], (line) => lines.push(line))).toBe(true);
  expect(lines).toEqual([]);
});

test("another machine is called only when told to, and otherwise what would be is said", () => {
  const address = "shop.example:443";
  const lines: string[] = [];
  expect(mayCall({ address, services }, [], (line) => lines.push(line))).toBe(false);
  expect(lines).toEqual([
    "shop.example:443 is not this machine, so nothing was called. With --anywhere this would be:",
    "  grpc.health.v1.Health/Check",
    "  grpc.health.v1.Health/List",
    "  grpc.health.v1.Health/Watch",
  ]);
  expect(mayCall({ address, services }, ["--anywhere"])).toBe(true);
});

import { expect, test } from "vitest";
import { hostsOf, isLocalTarget, portsOf } from "../../../runtime/src/client/target.ts";

test.each([
  ["localhost:50051", ["localhost"]],
  ["users", ["users"]],
  ["127.0.0.1:1", ["127.0.0.1"]],
  ["[::1]:50051", ["::1"]],
  ["[::1]", ["::1"]],
  ["::1", ["::1"]],
  ["dns:///users.example:50051", ["users.example"]],
  ["dns:users:50051", ["users"]],
  ["dns://8.8.8.8/users:50051", ["users"]],
  ["ipv4:10.0.0.1:50051,10.0.0.2:50051", ["10.0.0.1", "10.0.0.2"]],
  ["ipv6:[::1]:50051,[2001:db8::1]:50052", ["::1", "2001:db8::1"]],
  ["unix:/run/users.sock", []],
  ["unix:///run/users.sock", []],
])("the hosts of %s are %j", (target, hosts) => {
  expect(hostsOf(target)).toEqual(hosts);
});

test.each([
  ["localhost:50051", [50051]],
  ["users", [443]],
  ["dns:///users.example:50051", [50051]],
  ["dns:///users.example", [443]],
  ["dns:users", [443]],
  ["dns://8.8.8.8:53/users", [443]],
  ["[::1]:50051", [50051]],
  ["[::1]", [443]],
  ["2001:db8::50051", [443]],
  ["ipv4:10.0.0.1:50051,10.0.0.2", [50051, 443]],
  ["ipv6:[::1]:50051,[2001:db8::1]:50052", [50051, 50052]],
  ["unix:/run/users.sock", []],
  ["unix:///run/users:50051", []],
])("the ports of %s are %j", (target, ports) => {
  expect(portsOf(target)).toEqual(ports);
});

test.each([
  ["localhost:1", true],
  ["dns:///localhost:1", true],
  ["127.8.8.8:1", true],
  ["[::1]:1", true],
  ["unix:/run/users.sock", true],
  ["ipv4:127.0.0.1:1,127.0.0.1:2", true],
  ["ipv4:127.0.0.1:1,10.0.0.1:2", false],
  ["localhost.example:1", false],
  ["127.0.0.1.example:1", false],
])("%s is on this machine: %s", (target, local) => {
  expect(isLocalTarget(target)).toBe(local);
});

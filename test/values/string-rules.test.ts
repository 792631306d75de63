import { KnownRegex } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { describe, test } from "vitest";
import { expectObeyed, type Rules, type RulesOf, text } from "./support/rules.ts";

const wellKnown = (format: string): Rules =>
  text({ wellKnown: { case: format, value: true } } as RulesOf<"string">);

describe("strings", () => {
  test.each(
    [
      ["email", "hostname", "ip", "ipv4", "ipv6", "uri", "uriRef", "address", "uuid", "tuuid"],
      ["ipWithPrefixlen", "ipv4WithPrefixlen", "ipv6WithPrefixlen", "ipPrefix", "ipv4Prefix"],
      ["ipv6Prefix", "hostAndPort", "ulid", "protobufFqn", "protobufDotFqn"],
    ].flat(),
  )("%s", (format) => expectObeyed({ name: "value", type: "string", rules: wellKnown(format) }));

  test.each<[string, RulesOf<"string">]>([
    ["const", { const: "just this" }],
    ["in", { in: ["a", "b"], notIn: ["a"] }],
    ["len", { len: 7n }],
    ["min_len", { minLen: 300n }],
    ["max_len", { maxLen: 3n }],
    ["bytes", { minBytes: 40n, maxBytes: 41n }],
    ["len_bytes", { lenBytes: 5n }],
    [
      "prefix, suffix and contains",
      { prefix: "a-", suffix: "-z", contains: "홍길동", maxLen: 10n },
    ],
    ["not_contains", { notContains: "e", minLen: 1n }],
    [
      "http header name",
      { wellKnown: { case: "wellKnownRegex", value: KnownRegex.HTTP_HEADER_NAME } },
    ],
    [
      "http header value",
      { wellKnown: { case: "wellKnownRegex", value: KnownRegex.HTTP_HEADER_VALUE } },
    ],
    ["email with a suffix", { wellKnown: { case: "email", value: true }, suffix: "@acme.com" }],
    ["short email", { wellKnown: { case: "email", value: true }, maxLen: 8n }],
    ["uri with a prefix", { wellKnown: { case: "uri", value: true }, prefix: "https://acme.com/" }],
    ["example", { example: ["from the author"], minLen: 3n }],
  ])("%s", (_, value) => expectObeyed({ name: "value", type: "string", rules: text(value) }));

  test.each([
    "^[a-z]{3,5}-[0-9]{4}$",
    "^(foo|bar)+$",
    "^[^/]+/[^/]+$",
    "^\\+?[1-9]\\d{1,14}$",
    "^[A-Z][a-z]*( [A-Z][a-z]*)*$",
    "(?i)^abc$",
    "^\\p{Lu}\\p{L}*$",
    "^[[:alpha:]_][\\w.-]*$",
    "^(?P<year>\\d{4})-(?:0[1-9]|1[0-2])$",
    "^\\x41\\x{42}\\Q.*\\E$",
    "^[가-힣]{2,4}$",
    "^.{10}$",
    "^\\S+@\\S+\\.\\S+$",
    "[\\]\\-a]{2}",
    "^((a|b){2}){3}c?$",
    "^[^a-z]$",
    "^[\\D]{3}$",
    "a$|^b",
    "^[]-]$",
    "",
  ])("pattern %s", (pattern) =>
    expectObeyed({ name: "value", type: "string", rules: text({ pattern }) }),
  );

  test("a pattern and a length", () =>
    expectObeyed({
      name: "value",
      type: "string",
      rules: text({ pattern: "^[a-z]+(-[a-z]+)*$", minLen: 50n, maxLen: 60n }),
    }));
});

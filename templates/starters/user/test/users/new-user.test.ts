import { create } from "@bufbuild/protobuf";
import { GrpcError } from "grpc-service";
import { BadRequestSchema } from "grpc-service/error-details";
import { describe, expect, test } from "vitest";
import { CreateUserRequestSchema } from "../../src/gen/user_pb.ts";
import { userMessages } from "../../src/users/messages.ts";
import { newUser } from "../../src/users/new-user.ts";

const valid = { name: "홍길동", email: "hong@example.com", age: 30, hobbies: ["독서", "등산"] };

function check(fields: Partial<typeof valid>, language: "en" | "ko" = "en") {
  const request = create(CreateUserRequestSchema, { ...valid, ...fields });
  return newUser(request, userMessages[language]);
}

function violationsOf(fields: Partial<typeof valid>): string[] {
  try {
    check(fields);
    return [];
  } catch (error) {
    const failure = GrpcError.from(error);
    expect(failure.code).toBe("INVALID_ARGUMENT");
    const details = failure.findDetails(BadRequestSchema);
    return details.flatMap((detail) => detail.fieldViolations.map(({ field }) => field));
  }
}

describe("a request for a new user", () => {
  test("is accepted, without surrounding spaces", () => {
    expect(check({ name: "  홍길동 " })).toEqual(valid);
  });

  test.each(["a@b.co", "first.last+tag@sub.example.com", "홍@예시.한국"])("accepts %s", (email) => {
    expect(violationsOf({ email })).toEqual([]);
  });

  test("has one form of an accented email", () => {
    const composed = "jos\u00e9@example.com";
    expect(check({ email: "jose\u0301@example.com" }).email).toBe(composed);
    expect(check({ email: composed }).email).toBe(composed);
  });

  test.each(["", " ", "a", "a@", "@b.co", "a@b", "a b@c.de", "a@b@c.de", "a@b..co", "a@.co"])(
    "refuses the email %j",
    (email) => expect(violationsOf({ email })).toEqual(["email"]),
  );

  test.each([
    [{ name: "" }, "name"],
    [{ name: "   " }, "name"],
    [{ name: "x".repeat(101) }, "name"],
    [{ email: `${"x".repeat(250)}@b.co` }, "email"],
    [{ age: -1 }, "age"],
    [{ age: 151 }, "age"],
    [{ hobbies: Array<string>(21).fill("독서") }, "hobbies"],
    [{ hobbies: ["독서", ""] }, "hobbies"],
    [{ hobbies: ["x".repeat(101)] }, "hobbies"],
  ])("is refused if a field is invalid (%#)", (fields, field) => {
    expect(violationsOf(fields)).toEqual([field]);
  });

  test("reports all invalid fields at once", () => {
    expect(violationsOf({ name: "", email: "nowhere", age: -1 })).toEqual(["name", "email", "age"]);
  });

  test("is refused in the configured language", () => {
    expect(() => check({ name: "" })).toThrow("name: must not be empty");
    expect(() => check({ name: "" }, "ko")).toThrow("name: 필수 항목입니다");
  });

  test("is validated quickly, whatever its text", () => {
    const start = performance.now();
    violationsOf({ email: `${"a.".repeat(500_000)}@` });
    violationsOf({ email: "\u0316\u0301".repeat(500_000) });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

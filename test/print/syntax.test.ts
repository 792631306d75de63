import { describe, expect, test } from "vitest";
import { printDoc } from "../../src/print/layout.ts";
import {
  assignment,
  block,
  call,
  callWith,
  list,
  memberAccess,
  property,
  shortCallProperty,
  signature,
  typeArguments,
  unionProperty,
} from "../../src/print/syntax.ts";

const long = "x".repeat(60);

describe("calls", () => {
  test("arguments go one per line, with a comma after the last", () => {
    expect(printDoc(call("get", long, long))).toBe(`get(\n  ${long},\n  ${long},\n)`);
    expect(printDoc(call("get"))).toBe("get()");
  });

  test("the brackets of a last object stay on the lines of the call's", () => {
    const object = block(["a", "b"], (name) => `${name},`);
    expect(printDoc(callWith("get", "a", object))).toBe("get(a, {\n  a,\n  b,\n})");
    expect(printDoc(callWith("get", long, object))).toBe(`get(${long}, {\n  a,\n  b,\n})`);
    expect(printDoc(callWith("get", list("{", [long, long], "}", " ")))).toBe(
      `get({\n  ${long},\n  ${long},\n})`,
    );
  });

  test("unless they do not fit there", () => {
    const object = block(["a"], (name) => `${name},`);
    expect(printDoc(callWith("get", long + long, object))).toBe(
      `get(\n  ${long}${long},\n  {\n    a,\n  },\n)`,
    );
    expect(printDoc(callWith("get", long + long, "{}"))).toBe(`get(\n  ${long}${long},\n  {},\n)`);
  });

  test("members that do not fit move to a line of their own", () => {
    expect(printDoc(memberAccess(long, "method", "get"))).toBe(`${long}.method.get`);
    expect(printDoc(memberAccess(long, "method", long))).toBe(`${long}.method\n  .${long}`);
    expect(printDoc(memberAccess(long + long, "method", "get"))).toBe(
      `${long}${long}\n  .method.get`,
    );
  });
});

describe("lists", () => {
  test("have a comma after the last item where they are broken", () => {
    expect(printDoc(list("[", [], "]"))).toBe("[]");
    expect(printDoc(list("[", ["a", "b"], "]"))).toBe("[a, b]");
    expect(printDoc(list("[", [long, long], "]"))).toBe(`[\n  ${long},\n  ${long},\n]`);
  });

  test("may have spaces inside of their brackets", () => {
    expect(printDoc(list("{", ["a", "b"], "}", " "))).toBe("{ a, b }");
    expect(printDoc(list("{", [long, long], "}", " "))).toBe(`{\n  ${long},\n  ${long},\n}`);
  });
});

describe("assignments", () => {
  test("a value moves to the next line where it does not start on the same", () => {
    const value = call("get", long);
    expect(printDoc(assignment("const a", value))).toBe(`const a = get(${long})`);
    expect(printDoc(assignment(`const ${long}`, value))).toBe(
      `const ${long} = get(\n  ${long},\n)`,
    );
    const wide = "y".repeat(92);
    expect(printDoc(assignment(`const ${wide}`, value))).toBe(`const ${wide} =\n  get(${long})`);
  });

  test("so does that of a property", () => {
    expect(printDoc(property("a", "b"))).toBe("a: b");
    const wide = "y".repeat(97);
    expect(printDoc(property(wide, call("get", "b")))).toBe(`${wide}:\n  get(b)`);
  });

  test("a call with nothing but a name in its brackets moves before it is broken", () => {
    const name = "y".repeat(40);
    expect(printDoc(shortCallProperty("a", "get", "b"))).toBe("a: get(b)");
    expect(printDoc(shortCallProperty(long, name, "b"))).toBe(`${long}:\n  ${name}(b)`);
  });
});

describe("signatures", () => {
  test("parameters go one per line, with a comma after the last", () => {
    const parameters = [`request: ${long}`, "context: CallContext"];
    expect(printDoc([signature("get", parameters, ": Promise<Reply>"), " {"], 2)).toBe(
      `  get(\n    request: ${long},\n    context: CallContext,\n  ): Promise<Reply> {`,
    );
  });

  test("the result is broken when it does not fit behind the parameters", () => {
    const result = [": ", typeArguments("Promise", typeArguments("Init", `typeof ${long}${long}`))];
    expect(printDoc([signature("get", ["a: A"], result), ";"])).toBe(
      `get(\n  a: A,\n): Promise<\n  Init<\n    typeof ${long}${long}\n  >\n>;`,
    );
    expect(printDoc([signature("get", [], result), ";"])).toBe(
      `get(): Promise<\n  Init<\n    typeof ${long}${long}\n  >\n>;`,
    );
  });
});

describe("types", () => {
  test("type arguments have no comma after the last", () => {
    const type = typeArguments("MethodDefinition", '"unary"', `typeof ${long}`, "typeof BCDEFGH");
    expect(printDoc(["readonly a: ", type, ";"], 2)).toBe(
      `  readonly a: MethodDefinition<\n    "unary",\n    typeof ${long},\n    typeof BCDEFGH\n  >;`,
    );
  });

  test("a name alone stays between its brackets", () => {
    expect(printDoc(typeArguments("Promise", long + long))).toBe(`Promise<${long}${long}>`);
  });

  test("a union goes one type per line", () => {
    const types = ["Async", "Sync"].map((name) => typeArguments(name, `typeof ${long}`));
    expect(printDoc([unionProperty("requests", types), ","], 4)).toBe(
      `    requests:\n      | Async<typeof ${long}>\n      | Sync<typeof ${long}>,`,
    );
    expect(printDoc(unionProperty("a", ["A", "B"]))).toBe("a: A | B");
  });

  test("in a union, a broken type is indented by the width of its bar", () => {
    const types = ["A", "B"].map((name) => typeArguments(name, `typeof ${long}${long}`));
    expect(printDoc(unionProperty("a", types))).toBe(
      `a:\n  | A<\n      typeof ${long}${long}\n    >\n  | B<\n      typeof ${long}${long}\n    >`,
    );
  });
});

/** A template: texts, and what depends on values. */
export type Template = readonly Part[];

export type Part =
  | string
  | { readonly kind: "value"; readonly value: Expression }
  | {
      readonly kind: "if";
      readonly condition: Expression;
      readonly yes: Template;
      readonly no: Template;
    }
  | { readonly kind: "each"; readonly list: Expression; readonly body: Template };

export type Expression =
  | { readonly kind: "text"; readonly text: string }
  /** `name` or `a.b`, looked for in the current item, or `up` items around it. */
  | { readonly kind: "path"; readonly path: readonly string[]; readonly up: number }
  /** `@first`: of an item in its list. */
  | { readonly kind: "place"; readonly name: string }
  | { readonly kind: "call"; readonly helper: string; readonly values: readonly Expression[] };

/** Functions that templates may call, by name. */
export type Helpers = Readonly<Record<string, (...values: unknown[]) => unknown>>;

/** What a template is rendered with; of loops, the innermost. */
interface Scope {
  readonly item: unknown;
  readonly place: Readonly<Record<string, boolean>>;
  readonly around?: Scope;
  readonly helpers: Helpers;
}

/**
 * Renders a template. Nothing is escaped.
 *
 * @throws Error for a value or helper that is not there: a template that is wrong fails here, not in
 * the user's project. Only as a condition, a property that is not there is false.
 */
export function render(template: Template, context: object, helpers: Helpers): string {
  return renderIn({ item: context, place: {}, helpers }, template);
}

function renderIn(scope: Scope, template: Template): string {
  return template.map((part) => renderPart(scope, part)).join("");
}

function renderPart(scope: Scope, part: Part): string {
  if (typeof part === "string") return part;
  switch (part.kind) {
    case "value":
      return String(present(scope, part.value));
    case "if":
      return renderIn(scope, isTrue(evaluate(scope, part.condition)) ? part.yes : part.no);
    case "each": {
      const list = present(scope, part.list);
      if (!Array.isArray(list)) throw new Error(`${shown(part.list)} is no list`);
      return list
        .map((item: unknown, index) => {
          const place = { first: index === 0, last: index === list.length - 1 };
          return renderIn({ item, place, around: scope, helpers: scope.helpers }, part.body);
        })
        .join("");
    }
  }
}

function present(scope: Scope, expression: Expression): unknown {
  const value = evaluate(scope, expression);
  if (value === undefined || value === null) throw notDefined(expression);
  return value;
}

function evaluate(scope: Scope, expression: Expression): unknown {
  switch (expression.kind) {
    case "text":
      return expression.text;
    case "path":
      return expression.path.reduce(
        (value, name) => {
          if (value === undefined) throw notDefined(expression);
          return member(value, name);
        },
        itemOf(scope, expression.up),
      );
    case "place":
      return member(scope.place, expression.name);
    case "call": {
      const { helpers } = scope;
      const helper = Object.hasOwn(helpers, expression.helper)
        ? helpers[expression.helper]
        : undefined;
      if (helper === undefined) throw new Error(`there is no helper ${expression.helper}`);
      return helper(...expression.values.map((value) => present(scope, value)));
    }
  }
}

function itemOf(scope: Scope, up: number): unknown {
  let found: Scope | undefined = scope;
  for (let i = 0; i < up; i++) found = found?.around;
  return found?.item;
}

/** Own properties only: what a template names is data. */
function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

/** As in Handlebars, an empty list is false. */
function isTrue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function notDefined(expression: Expression): Error {
  return new Error(`${shown(expression)} is not defined`);
}

function shown(expression: Expression): string {
  switch (expression.kind) {
    case "text":
      return JSON.stringify(expression.text);
    case "path":
      return "../".repeat(expression.up) + expression.path.join(".");
    case "place":
      return `@${expression.name}`;
    case "call":
      return expression.helper;
  }
}

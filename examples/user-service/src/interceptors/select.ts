import type { Environment } from "../config/environment.ts";
import type { Interceptor, MethodInfo, MethodKind } from "../gen/runtime/index.ts";

/** Which methods a layer is for: those that meet all the conditions given. */
export interface Selector {
  /** Services by their full names, such as `user.UserService`. */
  readonly services?: readonly string[];
  /** Methods, as `package.Service/Method`. */
  readonly methods?: readonly string[];
  readonly kinds?: readonly MethodKind[];
  /** Values of ENV. */
  readonly environments?: readonly Environment[];
  /** By what the proto says of a method, such as an option; asked once for each method. */
  readonly where?: (method: MethodInfo) => boolean;
}

/** What selectors select from. */
export interface Scope {
  /** All methods of the server or, for a client, of the services it calls. */
  readonly methods: readonly MethodInfo[];
  readonly environment: Environment;
}

/** An interceptor for some methods only. */
export interface ScopedLayer<C> {
  readonly selector: Selector;
  readonly selected: boolean;
  readonly layer: Layer<C>;
}

export type Layer<C> = Interceptor<C> | ScopedLayer<C>;

/**
 * Puts a layer around the selected methods alone. Can be nested, also with `unless`.
 *
 * @example
 * ```ts
 * when({ environments: ["development"] }, requestDetail({ logger }))
 * when({ where: ({ descriptor }) => getOption(descriptor, confidential) }, audit({ sink }))
 * ```
 */
export function when<C>(selector: Selector, layer: Layer<C>): ScopedLayer<C> {
  return { selector, selected: true, layer };
}

/**
 * Puts a layer around all methods but the selected ones.
 *
 * @example
 * ```ts
 * unless({ services: ["grpc.health.v1.Health"] }, rateLimit({ limiter, logger }))
 * ```
 */
export function unless<C>(selector: Selector, layer: Layer<C>): ScopedLayer<C> {
  return { selector, selected: false, layer };
}

/**
 * Decides once, at start, which layers each method gets: a layer that a method has not costs it
 * nothing. Undefined and false are no layers. The answer is what `GrpcServer`, `toImplementation` and
 * clients take as `interceptors`.
 *
 * @throws Error in one line when a selector names a service or method that is not in the scope: a
 *   misspelt name would leave something out in silence.
 */
export function layersByMethod<C>(
  layers: readonly (Layer<C> | false | undefined)[],
  scope: Scope,
): (method: MethodInfo) => readonly Interceptor<C>[] {
  const decided = layers.flatMap((layer) => (layer ? [decide(layer, scope)] : []));
  return (method) => decided.flatMap((layerOf) => layerOf(method) ?? []);
}

function decide<C>(
  layer: Layer<C>,
  scope: Scope,
): (method: MethodInfo) => Interceptor<C> | undefined {
  if (typeof layer === "function") return () => layer;
  const { selector, selected } = layer;
  checkNames(selector, scope.methods);
  const inner = decide(layer.layer, scope);
  return (method) =>
    selects(selector, method, scope.environment) === selected ? inner(method) : undefined;
}

function selects(selector: Selector, method: MethodInfo, environment: Environment): boolean {
  const { services, methods, kinds, environments, where } = selector;
  return (
    (services?.includes(method.service) ?? true) &&
    (methods?.includes(method.path.slice(1)) ?? true) &&
    (kinds?.includes(method.kind) ?? true) &&
    (environments?.includes(environment) ?? true) &&
    (where?.(method) ?? true)
  );
}

/** @throws Error when `names` are not all among `methods`. */
export function checkNames(
  names: Pick<Selector, "services" | "methods">,
  methods: readonly MethodInfo[],
): void {
  const known = new Set(methods.flatMap(({ service, path }) => [service, path.slice(1)]));
  for (const name of [...(names.services ?? []), ...(names.methods ?? [])]) {
    if (!known.has(name)) throw new Error(`an interceptor is for ${name}, which is not served`);
  }
}

import type { ClientCall, ServerCall } from "../call.ts";
import type { Environment } from "../config/environment.ts";
import type { Interceptor } from "../interceptor.ts";
import type { MethodInfo, MethodKind } from "../method.ts";

/** Selects methods: those that meet every condition given. */
export interface Selector {
  /** Services by full name, such as `user.UserService`. */
  readonly services?: readonly string[];
  /** Methods as `package.Service/Method`. */
  readonly methods?: readonly string[];
  readonly kinds?: readonly MethodKind[];
  /** Values of ENV. */
  readonly environments?: readonly Environment[];
  /** Decides by the descriptor of a method, such as one of its options. Runs once per method. */
  readonly where?: (method: MethodInfo) => boolean;
}

/** The methods and the environment that interceptors are chosen for. */
export interface Scope {
  /** All methods of the server or, for a client, of the services it calls. */
  readonly methods: readonly MethodInfo[];
  readonly environment: Environment;
}

/** Returns the interceptor of a method, or undefined if the method has none. */
export type InterceptorOf<C> = (method: MethodInfo) => Interceptor<C> | undefined;

/** An interceptor for some methods. It is set up once, before the first call. */
export interface ScopedInterceptor<C> {
  /** @throws Error in one line when it does not fit the methods of `scope`. */
  setUp(scope: Scope): InterceptorOf<C> | Promise<InterceptorOf<C>>;
}

/** One entry of a list of interceptors; `false` and undefined are skipped. */
export type InterceptorEntry<C> = Interceptor<C> | ScopedInterceptor<C> | false | undefined;

/** The interceptors of a server, outermost first. */
export type ServerInterceptors = readonly InterceptorEntry<ServerCall>[];

/** The interceptors of a client, outermost first. */
export type ClientInterceptors = readonly InterceptorEntry<ClientCall>[];

/**
 * Applies an interceptor to the selected methods only. Can be nested, also with `unless`.
 *
 * @example
 * ```ts
 * when({ environments: ["development"] }, requestDetail({ logger }))
 * when({ where: ({ descriptor }) => getOption(descriptor, confidential) }, audit({ sink, clock }))
 * ```
 */
export function when<C>(selector: Selector, entry: InterceptorEntry<C>): ScopedInterceptor<C> {
  return select(selector, true, entry);
}

/**
 * Applies an interceptor to all methods except the selected ones.
 *
 * @example
 * ```ts
 * unless({ methods: healthMethods }, rateLimit({ limiter, logger }))
 * ```
 */
export function unless<C>(selector: Selector, entry: InterceptorEntry<C>): ScopedInterceptor<C> {
  return select(selector, false, entry);
}

function select<C>(
  selector: Selector,
  selected: boolean,
  entry: InterceptorEntry<C>,
): ScopedInterceptor<C> {
  return {
    async setUp(scope) {
      checkNames(selector, scope.methods);
      const inner = await setUp(entry, scope);
      return (method) =>
        selects(selector, method, scope.environment) === selected ? inner(method) : undefined;
    },
  };
}

/**
 * Decides once, before the first call, which interceptors each method has: one that a method does
 * not have costs its calls nothing. `GrpcServer`, `toImplementation` and clients take the result as
 * `interceptors`.
 *
 * @param entries outermost first
 * @throws Error in one line when a selector names a service or method that is not in the scope: a
 *   misspelt name would silently leave something out.
 */
export async function interceptorsByMethod<C>(
  entries: readonly InterceptorEntry<C>[],
  scope: Scope,
): Promise<(method: MethodInfo) => readonly Interceptor<C>[]> {
  const interceptors = await Promise.all(entries.map((entry) => setUp(entry, scope)));
  return (method) => interceptors.flatMap((interceptorOf) => interceptorOf(method) ?? []);
}

async function setUp<C>(entry: InterceptorEntry<C>, scope: Scope): Promise<InterceptorOf<C>> {
  if (!entry) return () => undefined;
  return typeof entry === "function" ? () => entry : await entry.setUp(scope);
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

/** Methods of the health service: load balancers and orchestrators call them without a token. */
export const healthMethods: readonly string[] = [
  "grpc.health.v1.Health/Check",
  "grpc.health.v1.Health/Watch",
];

/** Methods of server reflection, with which tools list the services. */
export const reflectionMethods: readonly string[] = [
  "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
  "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
];

/** Settings can switch these off, so a server need not have them. */
const optionalMethods = new Set([...healthMethods, ...reflectionMethods]);

/** @throws Error when a name is neither a service nor a method of `methods`. */
export function checkNames(
  names: Pick<Selector, "services" | "methods">,
  methods: readonly MethodInfo[],
): void {
  const known = new Set(methods.flatMap(({ service, path }) => [service, path.slice(1)]));
  for (const name of [...(names.services ?? []), ...(names.methods ?? [])]) {
    if (!known.has(name) && !optionalMethods.has(name)) {
      throw new Error(`an interceptor is for ${name}, which is not served`);
    }
  }
}

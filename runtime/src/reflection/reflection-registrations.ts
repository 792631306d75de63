import type { DescFile } from "@bufbuild/protobuf";
import { implement, type ServiceRegistration } from "../implement.ts";
import { type ServiceDefinition, serviceDescriptor } from "../method.ts";
import { serverReflectionDefinition as v1 } from "../rpc/grpc/reflection/v1/reflection_grpc.ts";
import { serverReflectionDefinition as v1alpha } from "../rpc/grpc/reflection/v1alpha/reflection_grpc.ts";
import { answerRequests } from "./answer-requests.ts";
import { DescriptorCatalog } from "./descriptor-catalog.ts";

/**
 * Server reflection, `grpc.reflection.v1` and `v1alpha`: tools such as grpcurl and buf curl can
 * list and call services without their protos. It describes the given services and itself, so pass
 * all other services of the server.
 *
 * Reflection shows the contents of your protos to everyone who can call it.
 *
 * @param files further files that no proto file of the services imports, such as files that only
 * extend messages of others, and files of `import option`. Their imports are included.
 *
 * @example
 * ```ts
 * const registrations = [...services(dependencies), health.registration()];
 * new GrpcServer({ services: [...registrations, ...reflectionRegistrations(registrations)] });
 * ```
 */
export function reflectionRegistrations(
  services: readonly ServiceRegistration[],
  files: readonly DescFile[] = [],
): ServiceRegistration[] {
  const definitions: ServiceDefinition[] = [
    ...services.map((each) => each.definition),
    v1,
    v1alpha,
  ];
  const descriptors = definitions.map((definition) => definition[serviceDescriptor]);
  let opened: DescriptorCatalog | undefined;
  // Created at the first request: most servers never get one.
  const catalog = (): DescriptorCatalog => {
    opened ??= new DescriptorCatalog(descriptors, files);
    return opened;
  };
  return [
    implement(v1, { serverReflectionInfo: (requests) => answerRequests(requests, catalog()) }),
    implement(v1alpha, { serverReflectionInfo: (requests) => answerRequests(requests, catalog()) }),
  ];
}

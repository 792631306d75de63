import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { printHandler } from "./handler.ts";
import { printMethodTest } from "./method-test.ts";
import type { Requests } from "./request.ts";
import { printServiceIndex } from "./service-index.ts";
import { printServiceTest } from "./service-test.ts";

type Files = Iterable<readonly [path: string, text: string]>;

/** The handlers of methods and their tests, by path in the project. */
export function methodFiles(
  service: ServiceModel,
  methods: readonly MethodModel[],
  requests: Requests,
): Files {
  const folder = `services/${service.directory}`;
  return methods.flatMap((method) => [
    [`src/${folder}/${method.fileName}.ts`, printHandler(service, method)],
    [`test/${folder}/${method.fileName}.test.ts`, printMethodTest(service, method, requests)],
  ]);
}

/** The `index.ts` of a service and its test, by path in the project. */
export function indexFiles(service: ServiceModel): Files {
  return [
    [indexFile(service), printServiceIndex(service)],
    [`test/services/${service.directory}/index.test.ts`, printServiceTest(service)],
  ];
}

/** Path of the file that assembles the handlers of a service. */
export function indexFile({ directory }: ServiceModel): string {
  return `src/services/${directory}/index.ts`;
}

import type { ServiceModel } from "../../plugin/model.ts";
import { dnsLabel } from "../cli/project-name.ts";
import { printServiceNames, printServicesDoc } from "../emit/services-doc.ts";
import { exampleOf, printTestExample } from "../emit/test-example.ts";
import type { OwnPackages } from "../new/packages.ts";
import {
  type PackageManager,
  type PackageManagerName,
  packageManager,
} from "./package-managers.ts";
import type { WiredVariable, WiredVolume, Wiring } from "./wiring.ts";

/**
 * The values that templates can use. In addition, every existing addition is a boolean under its name.
 * Texts from a proto are identifiers or checked paths.
 */
export interface TemplateContext {
  /** npm name of the project. */
  readonly name: string;
  /** The name as a DNS label, for Kubernetes. */
  readonly label: string;
  /** Major version of Node.js for containers and CI. */
  readonly node: string;
  readonly packageManager: PackageManager;
  /** Specifier of create-grpc-service in package.json. */
  readonly self: string;
  /** Specifier of grpc-service in package.json. */
  readonly library: string;
  /** Whether vendor/ has tarballs of these packages. */
  readonly vendor: boolean;
  /** Whether the protos have protovalidate rules. */
  readonly rules: boolean;
  /** Whether `proto/` has a descriptor set instead of .proto files, which nobody can edit. */
  readonly descriptorSet: boolean;
  /** Name of the starter, or "". */
  readonly starter: string;
  /** Names of the chosen additions. */
  readonly additions: readonly string[];
  readonly services: readonly ServiceModel[];
  /** Their names, for the README. */
  readonly serviceNames: string;
  /** Their tables and diagrams, for docs/services.md. */
  readonly servicesDoc: string;
  /** Settings that production must have on purpose. */
  readonly productionSettings: readonly WiredVariable[];
  /** The servers that tests use, for CI. */
  readonly testServers: TestServers;
  /** Folders that outlive containers. */
  readonly volumes: readonly WiredVolume[];
  /** The RPC of the examples in the documents. Undefined if there is no RPC. */
  readonly example: RpcNames | undefined;
  /** A test of it, or "". */
  readonly testExample: string;
}

/** How documents name an RPC. */
interface RpcNames {
  /** `shop.v1.OrderService/PlaceOrder` */
  readonly method: string;
  /** The file of its handler. */
  readonly file: string;
  /** How a client calls it, up to the arguments. */
  readonly call: string;
}

/** The user's decisions. */
export interface Answers {
  readonly name: string;
  readonly packageManager: PackageManagerName;
  readonly packages: OwnPackages;
  readonly starter: string;
  readonly additions: readonly string[];
}

/** Facts about the protos that templates use. */
export interface ProtoFacts {
  readonly services: readonly ServiceModel[];
  /** They have protovalidate rules. */
  readonly rules: boolean;
  /** They are a descriptor set. */
  readonly descriptorSet: boolean;
}

/** What the templates of a project say besides their texts. */
interface TemplateSources {
  /** Environment variables that tests read. */
  readonly testVariables: ReadonlySet<string>;
  readonly wiring: Pick<Required<Wiring>, "variables" | "volumes">;
}

/**
 * @param additions names of all additions that exist
 * @param layers of the project
 */
export function templateContext(
  answers: Answers,
  { services, rules, descriptorSet }: ProtoFacts,
  additions: readonly string[],
  { wiring, testVariables }: TemplateSources,
): TemplateContext {
  const { packages } = answers;
  const { variables, volumes } = wiring;
  const isChosen = additions.map((name) => [name, answers.additions.includes(name)]);
  return {
    ...Object.fromEntries(isChosen),
    name: answers.name,
    label: dnsLabel(answers.name),
    node: "24",
    packageManager: packageManager(answers.packageManager),
    self: packages.self,
    library: packages.library,
    vendor: packages.vendor.size > 0,
    rules,
    descriptorSet,
    starter: answers.starter,
    additions: answers.additions,
    services,
    serviceNames: printServiceNames(services),
    servicesDoc: printServicesDoc(services),
    productionSettings: variables.filter(({ production }) => production !== undefined),
    volumes,
    testServers: testServersOf(testVariables),
    example: exampleNames(services),
    testExample: printTestExample(services),
  };
}

/** The servers that tests find by environment variables. */
interface TestServers {
  readonly any: boolean;
  readonly postgres: boolean;
  readonly redis: boolean;
}

function testServersOf(variables: ReadonlySet<string>): TestServers {
  const postgres = variables.has("TEST_DATABASE_URL");
  const redis = variables.has("TEST_REDIS_URL");
  return { any: postgres || redis, postgres, redis };
}

function exampleNames(services: readonly ServiceModel[]): RpcNames | undefined {
  const example = exampleOf(services);
  if (example === undefined) return undefined;
  const { service, method } = example;
  return {
    method: `${service.typeName}/${method.name}`,
    file: `src/services/${service.directory}/${method.fileName}.ts`,
    call: `client.${method.localName}`,
  };
}

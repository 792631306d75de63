import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { dnsLabel } from "../cli/project-name.ts";
import type { OwnPackages } from "../new/packages.ts";
import {
  type PackageManager,
  type PackageManagerName,
  packageManager,
} from "./package-managers.ts";

/**
 * What templates may use; besides this, every addition that exists is a boolean under its name.
 * Whatever comes from a proto is an identifier or a checked path.
 */
export interface TemplateContext {
  /** npm name of the project. */
  readonly name: string;
  /** The name as clusters take it: a DNS label. */
  readonly label: string;
  readonly description: string;
  /** Major version of Node.js for containers and CI. */
  readonly node: string;
  readonly packageManager: PackageManager;
  /** What package.json says for create-grpc-service. */
  readonly self: string;
  /** What package.json says for grpc-service. */
  readonly library: string;
  /** The project has the tarballs of both in vendor/. */
  readonly vendor: boolean;
  /** The protos have protovalidate rules. */
  readonly rules: boolean;
  /** Name of the starter, or "". */
  readonly starter: string;
  /** Names of the chosen additions. */
  readonly additions: readonly string[];
  readonly services: readonly ServiceContext[];
}

export type ServiceContext = Omit<ServiceModel, "methods"> & {
  readonly methods: readonly MethodContext[];
};

export type MethodContext = MethodModel & {
  readonly isUnary: boolean;
  readonly isServerStreaming: boolean;
  readonly isClientStreaming: boolean;
  readonly isBidiStreaming: boolean;
};

/** What the user decided. */
export interface Answers {
  readonly name: string;
  readonly packageManager: PackageManagerName;
  readonly packages: OwnPackages;
  readonly starter: string;
  readonly additions: readonly string[];
}

/** What the protos have, as far as templates use it. */
export interface ProtoFacts {
  readonly services: readonly ServiceModel[];
  /** They have protovalidate rules. */
  readonly rules: boolean;
}

/** @param additions names of all additions that exist */
export function templateContext(
  answers: Answers,
  { services, rules }: ProtoFacts,
  additions: readonly string[],
): TemplateContext {
  const { packages } = answers;
  const isChosen = additions.map((name) => [name, answers.additions.includes(name)]);
  return {
    ...Object.fromEntries(isChosen),
    name: answers.name,
    label: dnsLabel(answers.name),
    description: `gRPC server of ${services.map(({ typeName }) => typeName).join(", ")}`,
    node: "24",
    packageManager: packageManager(answers.packageManager),
    self: packages.self,
    library: packages.library,
    vendor: packages.vendor.size > 0,
    rules,
    starter: answers.starter,
    additions: answers.additions,
    services: services.map((service) => ({
      ...service,
      methods: service.methods.map(methodContext),
    })),
  };
}

function methodContext(method: MethodModel): MethodContext {
  return {
    ...method,
    isUnary: method.kind === "unary",
    isServerStreaming: method.kind === "server_streaming",
    isClientStreaming: method.kind === "client_streaming",
    isBidiStreaming: method.kind === "bidi_streaming",
  };
}

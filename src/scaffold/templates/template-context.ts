import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { dnsLabel } from "../cli/project-name.ts";
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
  readonly self: string;
  readonly starter: string;
  readonly additions: readonly string[];
}

/** @param additions names of all additions that exist */
export function templateContext(
  answers: Answers,
  services: readonly ServiceModel[],
  additions: readonly string[],
): TemplateContext {
  const isChosen = additions.map((name) => [name, answers.additions.includes(name)]);
  return {
    ...Object.fromEntries(isChosen),
    name: answers.name,
    label: dnsLabel(answers.name),
    description: `gRPC server of ${services.map(({ typeName }) => typeName).join(", ")}`,
    node: "24",
    packageManager: packageManager(answers.packageManager),
    self: answers.self,
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

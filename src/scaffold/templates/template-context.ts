import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { dnsLabel } from "../cli/project-name.ts";
import type { AdditionName } from "./additions.ts";
import {
  type PackageManager,
  type PackageManagerName,
  packageManager,
} from "./package-managers.ts";

/** What templates may use. Whatever comes from a proto is an identifier or a checked path. */
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
  /** Backing services; each also stands as a boolean for itself. */
  readonly additions: readonly AdditionName[];
  readonly postgres: boolean;
  readonly redis: boolean;
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
  readonly additions: readonly AdditionName[];
}

export function templateContext(
  answers: Answers,
  services: readonly ServiceModel[],
): TemplateContext {
  return {
    name: answers.name,
    label: dnsLabel(answers.name),
    description: `gRPC server of ${services.map(({ typeName }) => typeName).join(", ")}`,
    node: "24",
    packageManager: packageManager(answers.packageManager),
    self: answers.self,
    starter: answers.starter,
    additions: answers.additions,
    postgres: answers.additions.includes("postgres"),
    redis: answers.additions.includes("redis"),
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

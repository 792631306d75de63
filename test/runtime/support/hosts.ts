import * as grpc from "@grpc/grpc-js";
import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import {
  GrpcServer,
  type PlanOptions,
  toImplementation,
} from "../../../runtime/src/server/index.ts";
import { bind } from "./bind.ts";
import { cleanUp } from "./echo.ts";
import { patient } from "./patient.ts";

/** A kind of server that any services can run on. */
export interface Host {
  readonly name: string;
  /** Serves until the test is over; resolves with the address. */
  serve(services: readonly ServiceRegistration[], options?: PlanOptions): Promise<string>;
}

export const hosts: readonly [Host, ...Host[]] = [
  {
    name: "GrpcServer",
    async serve(services, options) {
      const server = new GrpcServer({ services, limits: patient, ...options });
      cleanUp(() => server.stop(0));
      return `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
    },
  },
  {
    name: "grpc.Server with toImplementation",
    async serve(services, options) {
      const server = new grpc.Server();
      cleanUp(() => server.forceShutdown());
      for (const service of services) {
        server.addService(service.definition, toImplementation(service, options));
      }
      return `127.0.0.1:${await bind(server)}`;
    },
  },
];

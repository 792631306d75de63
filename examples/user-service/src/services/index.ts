import { implement, type ServiceRegistration } from "grpc-service";
import type { Dependencies } from "../dependencies.ts";
import { userServiceDefinition } from "../gen/user_grpc.ts";
import { userServiceHandlers } from "./user/index.ts";

/** Every service of the server. */
export function services(dependencies: Dependencies): ServiceRegistration[] {
  return [
    // One line per service.
    implement(userServiceDefinition, userServiceHandlers(dependencies)),
  ];
}

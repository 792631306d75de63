/** Server reflection: tools can list and call services without their protos. */
export { reflectionRegistrations } from "./reflection-registrations.ts";

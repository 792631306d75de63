/** Lets tools list and call the services of a server without their protos. */
export { reflectionRegistrations } from "./reflection-registrations.ts";

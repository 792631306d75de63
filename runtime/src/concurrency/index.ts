/** Bounds on what runs at the same time, for work that is scarce. */
export { CallSlots, type CallSlotsOptions } from "./call-slots.ts";

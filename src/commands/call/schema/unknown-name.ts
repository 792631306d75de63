import { UsageError } from "../../../terminal/errors.ts";

/** Descriptors have no service, method or type of a name that the user gave. */
export class UnknownNameError extends UsageError {}

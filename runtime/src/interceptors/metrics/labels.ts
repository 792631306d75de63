import type { MethodInfo, MethodKind } from "../../method.ts";
import { type StatusCode, statusCode, statusNumber } from "../../status-code.ts";

export const methodLabels = ["grpc_service", "grpc_method", "grpc_type"] as const;

/** Labels of all metrics of a method. */
export type MethodLabels = Readonly<Record<(typeof methodLabels)[number], string>>;

/** Dashboards select by the spelling of go-grpc-prometheus. */
const types: Readonly<Record<MethodKind, string>> = {
  unary: "unary",
  client_streaming: "client_stream",
  server_streaming: "server_stream",
  bidi_streaming: "bidi_stream",
};

/** Values of `grpc_code`: the codes as Go spells them. */
const codes: Readonly<Record<StatusCode | "OK", string>> = {
  OK: "OK",
  CANCELLED: "Canceled",
  UNKNOWN: "Unknown",
  INVALID_ARGUMENT: "InvalidArgument",
  DEADLINE_EXCEEDED: "DeadlineExceeded",
  NOT_FOUND: "NotFound",
  ALREADY_EXISTS: "AlreadyExists",
  PERMISSION_DENIED: "PermissionDenied",
  RESOURCE_EXHAUSTED: "ResourceExhausted",
  FAILED_PRECONDITION: "FailedPrecondition",
  ABORTED: "Aborted",
  OUT_OF_RANGE: "OutOfRange",
  UNIMPLEMENTED: "Unimplemented",
  INTERNAL: "Internal",
  UNAVAILABLE: "Unavailable",
  DATA_LOSS: "DataLoss",
  UNAUTHENTICATED: "Unauthenticated",
};

/** All values of `grpc_code`. */
export const codeLabels: readonly string[] = Object.values(codes);

export function labelsOf({ service, name, kind }: MethodInfo): MethodLabels {
  return { grpc_service: service, grpc_method: name, grpc_type: types[kind] };
}

/** The `grpc_code` of a status; `Unknown` for a text that is not a status code. */
export function codeLabel(code: StatusCode | "OK"): string {
  return code === "OK" ? codes.OK : codes[statusCode(statusNumber(code))];
}

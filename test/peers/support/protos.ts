import { file_google_rpc_error_details } from "../../../runtime/src/rpc/google/rpc/error_details_pb.ts";
import { file_google_rpc_status } from "../../../runtime/src/rpc/google/rpc/status_pb.ts";
import { file_grpc_health_v1_health } from "../../../runtime/src/rpc/grpc/health/v1/health_pb.ts";
import { file_echo } from "../../runtime/gen/echo_pb.ts";

/** What peers in Python speak. */
export const protos = [
  file_echo,
  file_google_rpc_error_details,
  file_google_rpc_status,
  file_grpc_health_v1_health,
];

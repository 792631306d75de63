import { status } from "@grpc/grpc-js";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { type ClientInterceptor, GrpcError } from "../../../../runtime/src/index.ts";
import { metrics } from "../../../../runtime/src/interceptors/metrics/index.ts";
import { statusCode } from "../../../../runtime/src/status-code.ts";
import { implementPatterns, unaryCall } from "../../support/four-patterns.ts";
import { metricValue, seriesOf } from "../../support/metric-values.ts";
import { serve } from "../../support/serve.ts";

/** `Code.String()` of google.golang.org/grpc/codes, by the number of the code. */
const goCodes = [
  ["OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound"],
  ["AlreadyExists", "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted"],
  ["OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss", "Unauthenticated"],
].flat();

test("every status has the spelling of Go, on server and client", async () => {
  const registry = new Registry();
  let code = status.OK;
  const fail = (): void => {
    if (code !== status.OK) throw new GrpcError(statusCode(code), "");
  };
  const { channel } = await serve([implementPatterns(fail)], [metrics({ registry })]);
  const interceptors: ClientInterceptor[] = [metrics({ registry, side: "client" })];
  for (code = status.OK; code <= status.UNAUTHENTICATED; code += 1) {
    await unaryCall(channel, { interceptors }).catch(() => undefined);
  }
  for (const side of ["server", "client"]) {
    const handled = await seriesOf(registry, `grpc_${side}_handled_total`);
    const ofUnary = handled.filter(({ labels }) => labels.grpc_method === "Unary");
    expect(ofUnary.map(({ labels, value }) => [labels.grpc_code, value])).toEqual(
      goCodes.map((name) => [name, 1]),
    );
  }
});

test("a code that is not one of gRPC counts as Unknown", async () => {
  const registry = new Registry();
  const fail = () => {
    throw Object.assign(new GrpcError("ABORTED", ""), { code: "constructor" });
  };
  const { channel } = await serve([implementPatterns(fail)], [metrics({ registry })]);
  await expect(unaryCall(channel)).rejects.toMatchObject({ code: "UNKNOWN" });
  const unknown = { grpc_method: "Unary", grpc_code: "Unknown" };
  expect(await metricValue(registry, "grpc_server_handled_total", unknown)).toBe(1);
});

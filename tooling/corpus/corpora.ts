/** A folder of protos in a published package, seen as an import root. */
export interface ProtoRoot {
  /** Package and version, as npm writes it. */
  readonly package: string;
  /** The import root in the package. */
  readonly folder: string;
  /** Take only what lies in these folders or files of the root. Default: everything. */
  readonly only?: readonly string[];
}

/** Public protos. Code that we generate for them must compile. */
export interface Corpus {
  readonly name: string;
  /** Code is generated for the files of these. The first root wins where two have the same path. */
  readonly roots: readonly ProtoRoot[];
  /** Roots that the files import from. */
  readonly imports?: readonly ProtoRoot[];
  /** What `--quick` does with it; by default nothing. */
  readonly quick?: "generate" | "generate and scaffold";
  /** Fixes a file that neither protoc nor buf accepts. */
  readonly fix?: (text: string) => string;
  /** The proto that is given to the scaffolder, by its import path. */
  readonly sample?: string;
}

const googleApis: ProtoRoot = { package: "google-gax@6.17.0", folder: "build/protos" };
const xds = "@grpc/grpc-js-xds@1.14.1";
const temporal = "@temporalio/core-bridge@1.24.0";
const temporalProtos = "sdk-core/crates/protos/protos";

export const corpora: readonly Corpus[] = [
  {
    name: "grpc-health-check",
    roots: [{ package: "grpc-health-check@2.1.0", folder: "proto" }],
    // No sample, here and in the next: every project serves these two services itself.
    quick: "generate",
  },
  {
    name: "@grpc/reflection",
    roots: [{ package: "@grpc/reflection@1.0.4", folder: "build/proto", only: ["grpc"] }],
    quick: "generate",
  },
  {
    name: "etcd",
    roots: [{ package: "etcd3@1.1.2", folder: "proto" }],
    imports: [googleApis],
    // The published files are for a lenient loader. Compilers require an import for each option that
    // is used, and accept no `./` in an import.
    fix: (text) =>
      text
        .replaceAll('import "./', 'import "')
        .replace('import "kv.proto";', '$& import "google/api/annotations.proto";'),
    sample: "rpc.proto",
    quick: "generate and scaffold",
  },
  {
    name: "opentelemetry",
    // The last version that ships the protos and not only code made from them.
    roots: [{ package: "@opentelemetry/otlp-grpc-exporter-base@0.30.0", folder: "build/protos" }],
    sample: "opentelemetry/proto/collector/trace/v1/trace_service.proto",
    quick: "generate",
  },
  {
    name: "@google-cloud/pubsub",
    roots: [{ package: "@google-cloud/pubsub@5.3.1", folder: "build/protos" }],
    imports: [googleApis],
    sample: "google/pubsub/v1/pubsub.proto",
    quick: "generate and scaffold",
  },
  {
    name: "@google-cloud/spanner",
    roots: [{ package: "@google-cloud/spanner-api@0.4.0", folder: "build/protos" }],
    imports: [googleApis],
    sample: "google/spanner/v1/spanner.proto",
  },
  {
    name: "@google-cloud/bigtable",
    roots: [{ package: "@google-cloud/bigtable@7.2.0", folder: "build/protos" }],
    imports: [googleApis],
  },
  {
    name: "@google-cloud/compute",
    roots: [{ package: "@google-cloud/compute@7.8.0", folder: "build/protos" }],
    imports: [googleApis],
  },
  {
    name: "temporal",
    // @temporalio/proto has the same protos, but only as JSON of protobufjs.
    roots: [
      { package: temporal, folder: `${temporalProtos}/api_upstream`, only: ["temporal"] },
      { package: temporal, folder: `${temporalProtos}/api_upstream`, only: ["nexusannotations"] },
      { package: temporal, folder: `${temporalProtos}/api_cloud_upstream` },
      { package: temporal, folder: `${temporalProtos}/testsrv_upstream` },
      { package: temporal, folder: `${temporalProtos}/local` },
      { package: temporal, folder: temporalProtos, only: ["grpc"] },
    ],
    imports: [
      googleApis,
      { package: temporal, folder: temporalProtos, only: ["protoc-gen-openapiv2"] },
    ],
    sample: "temporal/api/operatorservice/v1/service.proto",
  },
  {
    name: "envoy and xds",
    roots: [
      { package: xds, folder: "deps/envoy-api" },
      { package: xds, folder: "deps/xds" },
    ],
    imports: [googleApis, { package: xds, folder: "deps/protoc-gen-validate", only: ["validate"] }],
    // They use a rule that the validate.proto of the same package lacks.
    fix: (text) => text.replace(/,?\s*\bignore_empty: true\b/g, ""),
    sample: "envoy/service/discovery/v3/ads.proto",
  },
  {
    name: "google-proto-files",
    roots: [{ package: "google-proto-files@6.0.1", folder: "." }],
    sample: "google/longrunning/operations.proto",
  },
];

/** Where widely used protos are published. */
interface Published {
  /** Start of their import paths. */
  readonly prefix: string;
  /** Gets them into a folder of `third_party`, which is not searched for services. */
  readonly command: string;
  /** The folder that their import paths are relative to. */
  readonly folder: string;
}

/** A git repository: `clone` is its folder in `third_party`, `root` the folder for `-I` in `third_party`. */
function inGit(prefix: string, repository: string, clone: string, root = clone): Published {
  return {
    prefix,
    command: `git clone --depth 1 https://github.com/${repository} third_party/${clone}`,
    folder: root === "" ? "third_party" : `third_party/${root}`,
  };
}

const published: readonly Published[] = [
  {
    prefix: "google/",
    command: "npm install --prefix third_party google-proto-files",
    folder: "third_party/node_modules/google-proto-files",
  },
  inGit(
    "buf/validate/",
    "bufbuild/protovalidate",
    "protovalidate",
    "protovalidate/proto/protovalidate",
  ),
  inGit("validate/", "bufbuild/protoc-gen-validate", "protoc-gen-validate"),
  inGit("gogoproto/", "gogo/protobuf", "gogo-protobuf"),
  inGit("protoc-gen-openapiv2/", "grpc-ecosystem/grpc-gateway", "grpc-gateway"),
  inGit("gnostic/", "google/gnostic", "gnostic", ""),
  inGit("cel/", "google/cel-spec", "cel-spec", "cel-spec/proto"),
  inGit("xds/", "cncf/xds", "xds"),
  inGit("udpa/", "cncf/xds", "xds"),
  inGit("envoy/", "envoyproxy/data-plane-api", "data-plane-api"),
  inGit("opentelemetry/", "open-telemetry/opentelemetry-proto", "opentelemetry-proto"),
  inGit("io/prometheus/", "prometheus/client_model", "client_model"),
  inGit("buf/plugin/", "bufbuild/bufplugin", "bufplugin"),
];

/** How to get those of the imports that are widely used. */
export function publishedHints(paths: readonly string[]): string[] {
  const sources = [...published, ...paths.flatMap(ofGoModule)];
  const used = sources.filter(({ prefix }) => paths.some((path) => path.startsWith(prefix)));
  const hints = used.map(({ prefix, command, folder }) => {
    return `for ${prefix}*, run: ${command}; then add -I ${folder}`;
  });
  return [...new Set(hints)];
}

/** Imports of Go repositories begin with the address of the repository, those of Kubernetes with k8s.io. */
function ofGoModule(path: string): Published[] {
  const [kubernetes, module] = /^k8s\.io\/([\w.-]+)\//.exec(path) ?? [];
  if (kubernetes !== undefined) {
    return [inGit(kubernetes, `kubernetes/${module}`, `k8s.io/${module}`, "")];
  }
  const [prefix, owner, name] = /^github\.com\/([\w.-]+)\/([\w.-]+)\/(?:v\d+\/)?/.exec(path) ?? [];
  if (prefix === undefined) return [];
  const clone = prefix.slice(0, -1);
  return [inGit(prefix, `${owner}/${name}`, clone, "")];
}

import type { ClientTlsConfig, ServerTlsConfig } from "grpc-service/config";
import type { LoadFailure } from "../project/load-failure.ts";
import type { Finding } from "./finding.ts";

/**
 * What the child process of the doctor found out with the project's own code, as plain data. A part is
 * missing if it could not be found out.
 */
export interface Inspection {
  readonly settings: SettingsReport;
  /** Known if every setting is valid. */
  readonly config: CheckedConfig;
  readonly resources: readonly Finding[];
  readonly answer: Answer;
  /** Why src/config.ts, src/dependencies.ts or the client of grpc-service cannot be used. */
  readonly configError: LoadFailure;
  readonly dependenciesError: LoadFailure;
  readonly clientError: LoadFailure;
}

/** The settings of server and client. */
export interface SettingsReport {
  readonly names: readonly string[];
  /** One line per missing or wrong setting; it starts with the name. */
  readonly problems: readonly string[];
}

/** The settings that checks need. */
export interface CheckedConfig {
  /** Address that the server listens on. */
  readonly address: string;
  readonly metricsAddress: string | undefined;
  readonly tls: ServerTlsConfig | undefined;
  readonly client: {
    /** Address that clients call. */
    readonly address: string;
    readonly tls: ClientTlsConfig | undefined;
  };
}

/** How the server that clients call answered. */
export type Answer =
  | { readonly kind: "no server" }
  | {
      readonly kind: "health";
      readonly serving: boolean;
      /** Whether it has a service of this project. Any gRPC server can be at that address. */
      readonly ours: boolean;
      readonly channel: string;
    }
  | {
      readonly kind: "no answer";
      readonly reason: string;
      /** SHA-256 fingerprint of the server's certificate; undefined without TLS. */
      readonly certificate: string | undefined;
    };

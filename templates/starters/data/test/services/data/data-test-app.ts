import { afterEach, beforeEach } from "vitest";
import type { Config } from "../../../src/config.ts";
import type { Dependencies } from "../../../src/dependencies.ts";
import { DataServiceClient } from "../../../src/gen/data_client.ts";
import { startApp } from "../../start-app.ts";

/** A running app with an empty store for each test, and clients for it. */
export interface DataTestApp {
  /** Sends a valid token with every call. */
  readonly data: DataServiceClient;
  /** Sends none. */
  readonly anonymous: DataServiceClient;
  readonly store: Dependencies["records"];
}

/** A record as tests send it. */
export interface NewRecord {
  id: string;
  time?: { seconds: bigint; nanos?: number } | undefined;
  data: string;
}

/** Starts an app before each test of the file and stops it after. */
export function useDataTestApp(config: Partial<Config> = {}): DataTestApp {
  let app: Awaited<ReturnType<typeof startApp>>;
  let data: DataServiceClient;
  let anonymous: DataServiceClient;
  beforeEach(async () => {
    app = await startApp({ config });
    data = app.client(DataServiceClient);
    anonymous = app.client(DataServiceClient, app.anonymous);
  });
  afterEach(() => app.close());
  return {
    get data() {
      return data;
    },
    get anonymous() {
      return anonymous;
    },
    get store() {
      return app.dependencies.records;
    },
  };
}

/** A valid record, one second after the one before. */
export function record(number: number): NewRecord {
  return { id: `r${number}`, time: { seconds: BigInt(number), nanos: 0 }, data: `value ${number}` };
}

/** Valid records from 0 on. */
export function records(count: number): NewRecord[] {
  return Array.from({ length: count }, (_, number) => record(number));
}

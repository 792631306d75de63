import { join } from "node:path";
import { execa } from "execa";
import { UserServiceClient } from "../../../examples/user-service/src/gen/user_client.ts";
import { bearer } from "../../../runtime/src/client/index.ts";
import {
  HealthCheckResponse_ServingStatus as Health,
  HealthClient,
} from "../../../runtime/src/health/client.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { userEnvironment } from "../../../tooling/packed/commands.ts";
import { cleanUp } from "../../runtime/support/echo.ts";

/** The user service as a process of its own. */
export interface UserService {
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  readonly pid: number;
}

/** Starts it on this port. It ends with the test. */
export function startService(
  port: number,
  settings: Readonly<Record<string, string>>,
): UserService {
  const tsx = join(packageRoot(), "node_modules/tsx/dist/loader.mjs");
  const args = ["--conditions=@grpc-service/source", `--import=${tsx}`, "src/main.ts"];
  const child = execa(process.execPath, args, {
    cwd: join(packageRoot(), "examples/user-service"),
    env: userEnvironment({
      ENV: "development",
      ADDRESS: `127.0.0.1:${port}`,
      AUTH: "off",
      LOG_LEVEL: "error",
      ...settings,
    }),
    extendEnv: false,
    reject: false,
    all: true,
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await child;
  };
  cleanUp(kill);
  if (child.pid === undefined) throw new Error("the service does not start");
  return { kill, pid: child.pid };
}

/** Clients of the service, with or without a token. They end with the test. */
export function clientsOf(port: number, token?: string) {
  const address = `127.0.0.1:${port}`;
  const interceptors = token === undefined ? [] : [bearer(() => token)];
  const users = new UserServiceClient(address, { interceptors });
  const health = new HealthClient(address);
  cleanUp(() => users.close());
  cleanUp(() => health.close());
  const isServing = async (): Promise<boolean> =>
    (await health.check({}).catch(() => undefined))?.status === Health.SERVING;
  return { users, isServing };
}

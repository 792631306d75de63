import { AppServer, PlainServer } from "../../../../runtime/src/app/index.ts";
import type { CreateApp } from "./program.ts";

/** One way to serve an app. */
export interface Kind {
  readonly name: string;
  readonly create: CreateApp;
  /** `grpc-status` of a call that is still open after the grace period; undefined: it is cut off. */
  readonly cutOff: string | undefined;
}

/** All kinds must behave alike. */
export const kinds: readonly Kind[] = [
  { name: "AppServer", create: (options) => new AppServer(options), cutOff: "14" },
  { name: "PlainServer", create: (options) => new PlainServer(options), cutOff: undefined },
];

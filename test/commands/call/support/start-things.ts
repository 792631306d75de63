import { createHash } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { ServerCredentials } from "@grpc/grpc-js";
import { BadRequestSchema, errorDetail } from "../../../../runtime/src/error-details.ts";
import { GrpcError, implement, type ServiceRegistration } from "../../../../runtime/src/index.ts";
import { reflectionRegistrations } from "../../../../runtime/src/reflection/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import { statusCode } from "../../../../runtime/src/status-code.ts";
import { otherDefinition, thingsDefinition } from "../gen/things_grpc.ts";
import { ThingSchema } from "../gen/things_pb.ts";

/** A server of things.proto. */
export interface ThingsServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** The metadata of the calls so far, latest last. */
  readonly calls: readonly ReadonlyMap<string, string>[];
  /** Calls of Hang that were cancelled. */
  readonly cancelled: () => number;
  stop(): Promise<void>;
}

/** Options of `startThings`. */
export interface ThingsOptions {
  /** Default: with. */
  readonly reflection?: boolean;
  readonly credentials?: ServerCredentials;
  /** Default: 127.0.0.1:0. */
  readonly address?: string;
}

/** Starts a server of things.proto. */
export async function startThings(options: ThingsOptions = {}): Promise<ThingsServer> {
  const { reflection = true, credentials, address = "127.0.0.1:0" } = options;
  const calls: ReadonlyMap<string, string>[] = [];
  let cancelled = 0;
  const services = registrations(() => {
    cancelled += 1;
  });
  const server = new GrpcServer({
    services: reflection ? [...services, ...reflectionRegistrations(services)] : services,
    interceptors: () => [
      (call, next) => {
        const texts = Object.entries(call.metadata.toJSON()).map(
          ([key, values]) => [key, values.map(String).join("; ")] as const,
        );
        calls.push(new Map(texts));
        call.setHeader("x-served-by", "things");
        call.setTrailer("x-rows", "1");
        return next();
      },
    ],
  });
  const port = await server.listen(address, credentials);
  return {
    address: address.startsWith("unix:") ? address : `127.0.0.1:${port}`,
    calls,
    cancelled: () => cancelled,
    stop: () => server.stop(100),
  };
}

function registrations(onCancel: () => void): ServiceRegistration[] {
  return [
    implement(thingsDefinition, {
      async echo(thing) {
        if (thing.name !== "unknown any") return thing;
        const extra = {
          typeUrl: "type.googleapis.com/nobody.Knows",
          value: Buffer.from("AAH/", "base64"),
        };
        return { ...thing, extra: create(AnySchema, extra) };
      },
      async fail({ code, text }) {
        throw new GrpcError(statusCode(code), text, {
          details: [
            errorDetail(BadRequestSchema, {
              fieldViolations: [{ field: "name", description: "is too short" }],
            }),
            errorDetail(ThingSchema, { id: 7n }),
          ],
        });
      },
      async *repeat({ count, thing = create(ThingSchema), bytes }) {
        const data = Buffer.alloc(bytes);
        for (let index = 0; index < count; index++) {
          yield { ...thing, id: BigInt(index + 1), data };
        }
      },
      async upload(chunks) {
        const hash = createHash("sha256");
        let [size, count, last] = [0, 0, ""];
        for await (const { data, name } of chunks) {
          hash.update(data);
          size += data.length;
          count += 1;
          last = name || last;
        }
        const sha256 = hash.digest("hex");
        return { success: true, totalSize: BigInt(size), chunks: count, sha256, name: last };
      },
      async *chat(lines) {
        for await (const { content } of lines) yield { content: `re: ${content}` };
        yield { content: "bye" };
      },
      async *hang(thing, { signal }) {
        yield thing;
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        onCancel();
      },
    }),
    implement(otherDefinition, { echo: async (thing) => thing }),
  ];
}

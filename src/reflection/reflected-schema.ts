import { create, type FileRegistry, fromBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { GrpcError, textOf } from "../../runtime/src/error.ts";
import {
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  type ServerReflectionResponse,
} from "../../runtime/src/rpc/grpc/reflection/v1/reflection_pb.ts";
import { UsageError } from "../terminal/errors.ts";
import { buildRegistry, wellKnownFile } from "./registry.ts";
import type { Schema } from "./schema.ts";

type Question = ServerReflectionRequest["messageRequest"];

/** Asks a server one question after the other, on one stream. */
export interface Conversation {
  /** @throws GrpcError the status of the call */
  ask(request: ServerReflectionRequest): Promise<ServerReflectionResponse>;
}

/** Most files and bytes that a server can make us keep. The largest public API has 5 000 files and 60 MB. */
const maxFiles = 20_000;
const usualMaxBytes = 128 * 1024 * 1024;

/**
 * The name of something in a proto. No service has another one: it would be a command of the server that
 * a shell completes.
 */
const fullName = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** Code of a reflection server for a symbol that it does not know (NOT_FOUND). */
const notFound = 5;

/** The descriptors of a server with server reflection. */
export class ReflectedSchema implements Schema {
  readonly origin: string;
  readonly #conversation: Conversation;
  readonly #files = new Map<string, FileDescriptorProto>();
  readonly #maxBytes: number;
  #bytes = 0;

  /** @param maxAnswerBytes largest answer: a user who allows more of it expects more of all of them */
  constructor(address: string, conversation: Conversation, maxAnswerBytes = usualMaxBytes) {
    this.#maxBytes = Math.max(maxAnswerBytes, usualMaxBytes);
    this.origin = `server reflection of ${address}`;
    this.#conversation = conversation;
  }

  async serviceNames(): Promise<readonly string[]> {
    const { messageResponse: answer } = await this.#ask({ case: "listServices", value: "*" });
    if (answer.case !== "listServicesResponse") throw this.#unexpected(answer.case);
    return answer.value.service
      .map(({ name }) => name)
      .filter((name) => fullName.test(name))
      .sort();
  }

  async find(symbol: string): Promise<FileRegistry | undefined> {
    if (symbol === "") return undefined;
    const found = await this.#load({ case: "fileContainingSymbol", value: symbol });
    if (!found) return undefined;
    await this.#loadImports();
    return buildRegistry(this.#files.values(), this.origin);
  }

  /** A server lists its services only. */
  symbols(): Promise<readonly string[]> {
    return this.serviceNames();
  }

  /** Imports of what has been loaded. A server may send them along, or not. */
  async #loadImports(): Promise<void> {
    // The iteration includes files that are added meanwhile.
    for (const { name, dependency } of this.#files.values()) {
      for (const path of dependency) {
        if (this.#files.has(path)) continue;
        const isThere = await this.#load({ case: "fileByFilename", value: path });
        if (isThere && this.#files.has(path)) continue;
        const known = wellKnownFile(path);
        if (known === undefined) {
          throw new UsageError(`${this.origin}: ${path}, which ${name} imports, is missing`);
        }
        this.#files.set(path, known);
      }
    }
  }

  /** Adds the files of an answer. False if the server does not know what it was asked for. */
  async #load(question: Question): Promise<boolean> {
    const { messageResponse: answer } = await this.#ask(question);
    if (answer.case === "errorResponse" && answer.value.errorCode === notFound) return false;
    if (answer.case === "errorResponse") {
      throw new UsageError(`${this.origin}: ${answer.value.errorMessage}`);
    }
    if (answer.case !== "fileDescriptorResponse") throw this.#unexpected(answer.case);
    for (const bytes of answer.value.fileDescriptorProto) this.#add(bytes);
    return true;
  }

  #add(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#maxBytes || this.#files.size >= maxFiles) {
      throw new UsageError(
        `${this.origin}: more than ${maxFiles} files or ${this.#maxBytes / 1024 ** 2} MiB of descriptors`,
      );
    }
    let file: FileDescriptorProto;
    try {
      file = fromBinary(FileDescriptorProtoSchema, bytes);
    } catch (error) {
      throw new UsageError(`${this.origin}: invalid descriptors: ${textOf(error)}`);
    }
    if (!this.#files.has(file.name)) this.#files.set(file.name, file);
  }

  #ask(messageRequest: Question): Promise<ServerReflectionResponse> {
    return this.#conversation.ask(create(ServerReflectionRequestSchema, { messageRequest }));
  }

  #unexpected(answer: string | undefined): Error {
    return new GrpcError(
      "INTERNAL",
      `${this.origin}: unexpected answer ${answer ?? "without content"}`,
    );
  }
}

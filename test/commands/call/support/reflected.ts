import { create, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

export function file(name: string, ...dependency: string[]): FileDescriptorProto {
  return create(FileDescriptorProtoSchema, { name, dependency });
}

export function bytesOf(proto: FileDescriptorProto): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, proto);
}

/** A reflection service with these answers, by symbol or file name. */
export function reflected(files: Readonly<Record<string, readonly Uint8Array[]>>) {
  type Requests = AsyncIterable<{
    readonly messageRequest: { readonly case?: string | undefined; readonly value?: unknown };
  }>;
  return async function* (requests: Requests) {
    for await (const { messageRequest } of requests) {
      const known = files[String(messageRequest.value)];
      if (messageRequest.case === "listServices") {
        const service = Object.keys(files).map((name) => ({ name }));
        yield { messageResponse: { case: "listServicesResponse" as const, value: { service } } };
      } else if (known === undefined) {
        const value = { errorCode: 5, errorMessage: "unknown" };
        yield { messageResponse: { case: "errorResponse" as const, value } };
      } else {
        const value = { fileDescriptorProto: [...known] };
        yield { messageResponse: { case: "fileDescriptorResponse" as const, value } };
      }
    }
  };
}

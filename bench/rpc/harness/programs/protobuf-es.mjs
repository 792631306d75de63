// Services for grpc-js with the codec of protobuf-es, as written by those who use the two together.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";

/** @param service as protoc-gen-es prints it */
export function grpcDefinition(service) {
  return Object.fromEntries(
    Object.values(service.method).map(({ name, localName, input, output, methodKind }) => [
      localName,
      {
        path: `/${service.typeName}/${name}`,
        requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
        responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
        requestSerialize: serializer(input),
        requestDeserialize: (bytes) => fromBinary(input, bytes),
        responseSerialize: serializer(output),
        responseDeserialize: (bytes) => fromBinary(output, bytes),
      },
    ]),
  );
}

function serializer(schema) {
  return (init) => {
    const bytes = toBinary(schema, create(schema, init));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

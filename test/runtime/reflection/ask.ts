import { fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { ServerReflectionClient as V1Client } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_client.ts";
import type { ServerReflectionResponse as V1Response } from "../../../runtime/src/rpc/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflectionClient as V1AlphaClient } from "../../../runtime/src/rpc/grpc/reflection/v1alpha/reflection_client.ts";
import type { ServerReflectionResponse as V1AlphaResponse } from "../../../runtime/src/rpc/grpc/reflection/v1alpha/reflection_pb.ts";
import { cleanUp, collect, patience, raise } from "../support/echo.ts";

/** What a client of any version can ask. */
export type Question =
  | { case: "fileByFilename"; value: string }
  | { case: "fileContainingSymbol"; value: string }
  | { case: "fileContainingExtension"; value: { containingType: string; extensionNumber: number } }
  | { case: "allExtensionNumbersOfType"; value: string }
  | { case: "listServices"; value: string };

export const byFilename = (value: string): Question => ({ case: "fileByFilename", value });
export const bySymbol = (value: string): Question => ({ case: "fileContainingSymbol", value });
export const byExtension = (containingType: string, extensionNumber: number): Question => ({
  case: "fileContainingExtension",
  value: { containingType, extensionNumber },
});
export const numbersOf = (value: string): Question => ({
  case: "allExtensionNumbersOfType",
  value,
});
export const list: Question = { case: "listServices", value: "*" };

type Answer = V1Response | V1AlphaResponse;

/** Asks everything on one stream. */
type Ask = (address: string, questions: readonly Question[]) => Promise<Answer[]>;

function requests(questions: readonly Question[]) {
  return questions.map((messageRequest) => ({ host: "shop.example.com", messageRequest }));
}

export const askV1: Ask = async (address, questions) => {
  const client = new V1Client(address, patience);
  cleanUp(() => client.close());
  return await collect(client.serverReflectionInfo(requests(questions)));
};

export const askV1Alpha: Ask = async (address, questions) => {
  const client = new V1AlphaClient(address, patience);
  cleanUp(() => client.close());
  return await collect(client.serverReflectionInfo(requests(questions)));
};

/** The encoded descriptors of an answer that has them. */
export function descriptorsOf(answer: Answer | undefined): Uint8Array[] {
  const response = answer?.messageResponse;
  return response?.case === "fileDescriptorResponse"
    ? response.value.fileDescriptorProto
    : raise(`expected descriptors, not ${JSON.stringify(response)}`);
}

/** The names of the files of an answer, in order. */
export function fileNamesOf(answer: Answer | undefined): string[] {
  return descriptorsOf(answer).map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

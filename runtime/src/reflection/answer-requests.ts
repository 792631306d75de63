import type { DescFile, Message } from "@bufbuild/protobuf";
import { type StatusCode, statusNumber } from "../status-code.ts";
import type { DescriptorCatalog } from "./descriptor-catalog.ts";

/** The requests of all versions of the protocol, which are the same. */
interface ReflectionRequest extends Message {
  readonly host: string;
  readonly messageRequest:
    | { case: "fileByFilename"; value: string }
    | { case: "fileContainingSymbol"; value: string }
    | {
        case: "fileContainingExtension";
        value: { readonly containingType: string; readonly extensionNumber: number };
      }
    | { case: "allExtensionNumbersOfType"; value: string }
    | { case: "listServices"; value: string }
    | { case: undefined };
}

type Answer =
  | { case: "fileDescriptorResponse"; value: { fileDescriptorProto: Uint8Array[] } }
  | {
      case: "allExtensionNumbersResponse";
      value: { baseTypeName: string; extensionNumber: number[] };
    }
  | { case: "listServicesResponse"; value: { service: { name: string }[] } }
  | { case: "errorResponse"; value: { errorCode: number; errorMessage: string } };

interface ReflectionResponse<Request> {
  validHost: string;
  originalRequest: Request;
  messageResponse: Answer;
}

/**
 * Answers the requests of one stream in order. A request that cannot be answered does not end it.
 */
export async function* answerRequests<Request extends ReflectionRequest>(
  requests: AsyncIterable<Request>,
  catalog: DescriptorCatalog,
): AsyncIterable<ReflectionResponse<Request>> {
  const sent = new Set<string>();
  for await (const request of requests) {
    yield {
      validHost: request.host,
      originalRequest: request,
      messageResponse: answer(request, catalog, sent),
    };
  }
}

function answer(
  { messageRequest: request, $unknown: unknown = [] }: ReflectionRequest,
  catalog: DescriptorCatalog,
  sent: Set<string>,
): Answer {
  const { declarations } = catalog;
  const fileAnswer = (file: DescFile | undefined, what: string): Answer => {
    if (file === undefined) return refusal("NOT_FOUND", `unknown ${what}`);
    const fileDescriptorProto = catalog.encodeWithImports(file, sent);
    return { case: "fileDescriptorResponse", value: { fileDescriptorProto } };
  };
  switch (request.case) {
    case "fileByFilename":
      return fileAnswer(catalog.fileNamed(request.value), `file ${request.value}`);
    case "fileContainingSymbol":
      return fileAnswer(declarations.fileOf(request.value), `symbol ${request.value}`);
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = request.value;
      const file = declarations.fileOfExtension(containingType, extensionNumber);
      return fileAnswer(file, `extension ${extensionNumber} of ${containingType}`);
    }
    case "allExtensionNumbersOfType": {
      const baseTypeName = request.value;
      if (declarations.fileOf(baseTypeName) === undefined) {
        return refusal("NOT_FOUND", `unknown type ${baseTypeName}`);
      }
      const extensionNumber = declarations.extensionNumbers(baseTypeName);
      return { case: "allExtensionNumbersResponse", value: { baseTypeName, extensionNumber } };
    }
    case "listServices":
      return {
        case: "listServicesResponse",
        value: { service: catalog.services.map((name) => ({ name })) },
      };
    case undefined:
      // A kind of request from a later version of the protocol is an unknown field.
      return unknown.length > 0
        ? refusal("UNIMPLEMENTED", "this kind of request is not implemented")
        : refusal("INVALID_ARGUMENT", "the request asks for nothing");
  }
}

function refusal(code: StatusCode, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode: statusNumber(code), errorMessage } };
}

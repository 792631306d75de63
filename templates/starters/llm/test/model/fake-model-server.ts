import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { HttpModel, type ModelEndpoint } from "../../src/model/http-model.ts";

/** A request as the fake server has received it. */
export interface ReceivedRequest {
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** Resolves when its connection is closed before the response has ended. */
  readonly abandoned: Promise<void>;
}

/** Answers one request. */
export type Answer = (response: ServerResponse) => void | Promise<void>;

/** A server on this machine that says what a test wants, and a model that asks it. */
export async function startFakeModel(answer: Answer, settings: Partial<ModelEndpoint> = {}) {
  const requests: ReceivedRequest[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const abandoned = new Promise<void>((resolve) => {
      response.once("close", () => {
        if (!response.writableFinished) resolve();
      });
    });
    const { url: path, headers } = request;
    requests.push({ path, headers, body: body === "" ? undefined : JSON.parse(body), abandoned });
    await answer(response);
  });
  server.on("connection", () => {
    connections += 1;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const url = new URL(`http://127.0.0.1:${port}/v1`);
  const endpoint = { url, name: "tiny", apiKey: "sk-test", timeoutMs: 10_000, ...settings };
  return { model: new HttpModel(endpoint), url, requests, connections: () => connections };
}

/** The beginning of a stream of events. */
export function beginEvents(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
}

/** An event with a token. */
export function tokenEvent(content: string, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ object: "chat.completion.chunk", choices })}\n\n`;
}

/** Says these tokens, one event each, and ends as the API of OpenAI does. */
export function say(...tokens: string[]): Answer {
  return (response) => {
    beginEvents(response);
    for (const token of tokens) response.write(tokenEvent(token));
    response.end(`${tokenEvent("", "stop")}data: [DONE]\n\n`);
  };
}

import { Metadata } from "@grpc/grpc-js";
import { describe, expect, test } from "vitest";
import { GrpcError } from "../../../runtime/src/index.ts";
import { drivers } from "../support/drivers.ts";
import { failure, startEcho } from "../support/echo.ts";
import { brokenHandlers } from "./broken-handlers.ts";
import { bug, callEach, kinds } from "./calls.ts";

describe.each(drivers)("$name", (driver) => {
  describe.each(Object.entries(brokenHandlers))("a handler that %s", (_mode, handlers) => {
    test.each(Object.keys(handlers))("%s", async (name) => {
      const { client, errors } = await startEcho({ handlers }, driver);
      // Twice: the first one must not have broken anything.
      for (const reports of [1, 2]) {
        expect(await callEach(client, name)).toMatchObject({
          name: "GrpcError",
          code: "INTERNAL",
          rawMessage: "internal error",
          details: [],
        });
        expect(errors).toHaveLength(reports);
      }
    });
  });

  test.each([
    () => {
      throw bug();
    },
    async () => {
      throw bug();
    },
  ])("onError may fail itself", async (onError) => {
    const { client } = await startEcho({ handlers: brokenHandlers.rejects ?? {}, onError }, driver);
    for (const name of kinds) {
      expect(await callEach(client, name)).toMatchObject({ code: "INTERNAL" });
    }
  });

  test("onError is called with unexpected errors, not with statuses", async () => {
    const cause = bug();
    const told: unknown[] = [];
    const { client } = await startEcho(
      {
        handlers: {
          unary: async ({ text }) => {
            throw text === "meant" ? new GrpcError("ABORTED", "meant", { cause }) : cause;
          },
        },
        onError: (error, call) => told.push([error, call.method.name]),
      },
      driver,
    );
    expect(await failure(client.unary({ text: "meant" }))).toMatchObject({ code: "ABORTED" });
    expect(told).toEqual([]);
    await failure(client.unary({}));
    expect(told).toEqual([[cause, "Unary"]]);
  });

  test("statuses as grpc-js has them, thrown by hand, and aborts keep their code", async () => {
    const { client, errors } = await startEcho(
      {
        handlers: {
          unary: async ({ text }) => {
            if (text === "abort") AbortSignal.abort().throwIfAborted();
            if (text === "object") throw { code: 7, details: "no", metadata: new Metadata() };
            throw Object.assign(new Error("7 PERMISSION_DENIED: no"), { code: 7, details: "no" });
          },
        },
      },
      driver,
    );
    for (const text of ["error", "object"]) {
      expect(await failure(client.unary({ text }))).toMatchObject({
        code: "PERMISSION_DENIED",
        rawMessage: "no",
      });
    }
    expect(await failure(client.unary({ text: "abort" }))).toMatchObject({ code: "CANCELLED" });
    expect(errors).toEqual([]);
  });
});

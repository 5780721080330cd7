import { describe, expect, it, vi } from "vitest";
import { isApiPromise, watchApiPromise } from "../../../src/observe/provider-sdks/api-promise.ts";

type Parse = (client: unknown, props: unknown) => Promise<unknown>;

/** A promise like those of the SDKs, with the method that parses its answer. */
class FakePromise extends Promise<null> {
  responsePromise = Promise.resolve({ response: "raw" });
  parseResponse: Parse;
  constructor(parseResponse: Parse) {
    super((resolve) => resolve(null));
    this.parseResponse = parseResponse;
  }
  _thenUnwrap(): void {}
  asResponse(): Promise<string> {
    return this.responsePromise.then(({ response }) => response);
  }
}

const answer = () => ({ answered: vi.fn(), failed: vi.fn(), leftUnread: vi.fn() });

function watched(parse: Parse, log = answer()): FakePromise {
  const promise = new FakePromise(parse);
  expect(isApiPromise(promise)).toBe(true);
  watchApiPromise(promise as never, log as never);
  return promise;
}

const shapeOf = (it: (...args: never[]) => unknown) => [it.name, it.length, Object.hasOwn(it, "prototype")];

const parsers: Record<string, Parse> = {
  defaultParseResponse: async (client, props) => [client, props],
  n: async (client, props) => [client, props],
  nameless: (() => async (client: unknown, props: unknown) => [client, props])(),
};

describe.each(Object.entries(parsers))("an answer that %s parses", (_, parse) => {
  it("is parsed once by the same method, to all appearances", async () => {
    const log = answer();
    const promise = watched(parse, log);
    expect(shapeOf(promise.parseResponse)).toEqual(shapeOf(parse));
    expect(await promise.parseResponse("client", "props")).toEqual(["client", "props"]);
    await promise.parseResponse("client", "again");
    expect(log.answered.mock.calls).toEqual([[["client", "props"]]]);
  });

  it("may be asked for in its raw form by the same method, to all appearances", async () => {
    const log = answer();
    const promise = watched(parse, log);
    expect(shapeOf(promise.asResponse)).toEqual(shapeOf(FakePromise.prototype.asResponse));
    expect(Object.keys(promise).toSorted()).toEqual(["parseResponse", "responsePromise"]);
    expect(await promise.asResponse()).toBe("raw");
    expect(log.leftUnread).toHaveBeenCalledOnce();
  });
});

it("an answer that can't be parsed fails with its error", async () => {
  const log = answer();
  const error = new Error("no JSON");
  const promise = watched(() => Promise.reject(error), log);
  await expect(promise.parseResponse("client", "props")).rejects.toBe(error);
  expect(log.failed.mock.calls).toEqual([[error]]);
});

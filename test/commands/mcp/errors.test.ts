import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { disk, listOf } from "./answers-of-api.ts";
import { assistantOf, nearAssistantOf, servingApi, servingJson } from "./assistant.ts";
import { measured } from "./measured.ts";

it("an error of the API is an error of the tool with its reason, and the server goes on", async () => {
  const { call, errors } = await assistantOf(await servingApi(await measured()));
  for (const tool of ["forecasts", "time_to_threshold", "day_end", "why"])
    expect(await call(tool, { match: "queue_size{" }), tool).toMatchObject({
      isError: true,
      text: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+ can't be asked for its forecasts: the selector /,
      ),
    });
  expect(await call("why", { id: "none" })).toMatchObject({
    isError: true,
    text: expect.stringContaining("there is no series with this id"),
  });
  expect(await call("why", { match: "nothing" })).toMatchObject({
    isError: true,
    text: "no series is selected by nothing: the tool forecasts lists series",
  });
  expect((await call("forecasts")).isError).toBe(false);
  expect(errors()).toBe("");
});

it("an input that is wrong is an error of the tool that names what is wrong", async () => {
  const { call, client } = await nearAssistantOf(await servingApi(await measured()));
  for (const [tool, input, words] of [
    ["forecasts", { limit: 0 }, /limit/],
    ["forecasts", { limit: 1001 }, /limit/],
    ["forecasts", { query: "queue" }, /query/],
    ["day_end", { match: "" }, /match/],
    ["why", {}, /^expected either id or match$/],
    ["why", { id: "a", match: "b" }, /^expected either id or match$/],
  ] as const)
    expect(await call(tool, input)).toMatchObject({ isError: true, text: expect.stringMatching(words) });
  await expect(client.callTool({ name: "delete_everything" })).rejects.toThrow(/delete_everything/);
  expect((await call("forecasts")).isError).toBe(false);
});

it("a URL that nothing answers is an error of each tool, until something answers", async () => {
  const server = createServer((_, response) => response.end(JSON.stringify(listOf([disk]))));
  const listening = (port: number) => new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  await listening(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  const { call } = await assistantOf(`http://127.0.0.1:${port}`);
  for (const [tool, input] of [
    ["forecasts", {}],
    ["time_to_threshold", {}],
    ["day_end", {}],
    ["why", { id: "a" }],
    ["alerts", {}],
  ] as const)
    expect(await call(tool, input), tool).toMatchObject({
      isError: true,
      text: expect.stringMatching(`^nothing answers at http://127.0.0.1:${port}: .*ECONNREFUSED`),
    });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await listening(port);
  expect((await call("forecasts")).data).toMatchObject({ selected: 1 });
});

it.each<[string, unknown, number, RegExp]>([
  ["no JSON object", [1], 200, /: it answers otherwise than expected: its answer: /],
  ["another object", { status: "success" }, 200, /: it answers otherwise than expected: now: /],
  ["a field of another type", listOf([{ ...disk, value: "1" }]), 200, /expected: forecasts\.0\.value: /],
  ["a time that is no date", listOf([{ ...disk, at: 1e300 }]), 200, /expected: forecasts\.0\.at: /],
  ["a number that is none", listOf([{ ...disk, value: Number.NaN }]), 200, /expected: forecasts\.0\.value: /],
  ["a failure without a reason", {}, 500, /: it answered 500$/],
])("an answer with %s is an error of the tool", async (_, body, status, words) => {
  const { call } = await nearAssistantOf(await servingJson(body, status));
  expect(await call("forecasts")).toMatchObject({ isError: true, text: expect.stringMatching(words) });
});

it("a login in the URL is in no answer", async () => {
  const url = await servingJson({ error: "who are you?" }, 401);
  const { call } = await nearAssistantOf(url.replace("//", "//ann:secret@"));
  const { text } = await call("alerts");
  expect(text).toBe(`${url} can't be asked for its forecasts: who are you?`);
});

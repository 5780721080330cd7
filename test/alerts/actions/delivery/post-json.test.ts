import { afterEach, beforeEach, expect, it } from "vitest";
import { type DeliveryError, post } from "../../../../src/alerts/actions/delivery/post-json.ts";
import { Receiver } from "../../receiver.ts";

let receiver: Receiver;
let url: URL;

beforeEach(async () => {
  receiver = new Receiver();
  url = await receiver.start();
});
afterEach(() => receiver.stop());

/** The error of a post that reads so much of the answer. */
async function errorWith(answerLength?: number): Promise<DeliveryError> {
  const signal = AbortSignal.timeout(20_000);
  const posting = {
    body: "x",
    headers: {},
    signal,
    now: 0,
    ...(answerLength === undefined ? {} : { answerLength }),
  };
  return post(url, posting).then(
    () => expect.unreachable(),
    (error: DeliveryError) => error,
  );
}

it.each([
  [undefined, "it answered 400"],
  [0, "it answered 400"],
  [11, "it answered 400: out of ord"],
  [100, "it answered 400: out of order sample"],
])("with %o characters of the answer, the error is %j", async (answerLength, message) => {
  receiver.answer = (response) => {
    response.statusCode = 400;
    response.write(" out of ");
    response.end("order sample\n");
  };
  const error = await errorWith(answerLength);
  expect([error.message, error.mayRetry]).toEqual([message, false]);
});

it("does not wait for the rest of an answer, nor need one", async () => {
  receiver.answer = (response) => {
    response.statusCode = 500;
    response.write("it is down, and more follows");
  };
  expect((await errorWith(10)).message).toBe("it answered 500: it is down");
  receiver.answer = (response) => {
    response.statusCode = 503;
    response.end();
  };
  expect((await errorWith(10)).message).toBe("it answered 503");
});

it("keeps the status where an answer breaks off", async () => {
  receiver.answer = (response) => {
    response.writeHead(500, { "content-length": 100 });
    response.write("half", () => response.destroy());
  };
  const { message, mayRetry } = await errorWith(50);
  expect(message).toMatch(/^it answered 500(: half)?$/);
  expect(mayRetry).toBe(true);
});

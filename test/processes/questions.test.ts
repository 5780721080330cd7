import { describe, expect, it } from "vitest";
import { answered, type Question, Questions } from "../../src/processes/questions.ts";

/** @param answerMillis how long an answer is waited for. */
function setUp(answerMillis?: number) {
  const sent: Question[] = [];
  return { sent, questions: new Questions((question) => sent.push(question), answerMillis) };
}

describe("questions to a member", () => {
  it("each get their own answer, in any order", async () => {
    const { sent, questions } = setUp();
    const [first, second] = [questions.ask("first"), questions.ask("second")];
    expect(sent.map(({ body }) => body)).toEqual(["first", "second"]);
    for (const { question, body } of sent.toReversed())
      expect(questions.take({ answer: question, body: `answer to ${body}` })).toBe(true);
    expect([await first, await second]).toEqual(["answer to first", "answer to second"]);
  });

  it("leave to others what is no answer", () => {
    const { questions } = setUp();
    for (const message of [undefined, null, 7, "answer", {}, { answer: "1" }, { question: 1, body: 2 }])
      expect(questions.take(message)).toBe(false);
    expect(questions.take({ answer: 99 })).toBe(true);
  });

  it("are given up after a time, and asked again only when the member was heard", async () => {
    const { sent, questions } = setUp(1);
    expect(await questions.ask("?")).toBeUndefined();
    expect(sent).toHaveLength(1);
    expect(await questions.ask("?")).toBeUndefined();
    expect(sent).toHaveLength(1);
    questions.take({ self: "a report" });
    void questions.ask("?");
    expect(sent).toHaveLength(2);
    expect(questions.take({ answer: 1, body: "too late" })).toBe(true);
  });

  it("end with the member", async () => {
    const { sent, questions } = setUp();
    const waiting = questions.ask("?");
    questions.close();
    expect([await waiting, await questions.ask("?")]).toEqual([undefined, undefined]);
    expect(sent).toHaveLength(1);
  });
});

describe("a member that is asked", () => {
  it("answers with the number of the question", async () => {
    expect(await answered({ question: 3, body: 4 }, async (body) => [body])).toEqual({
      answer: 3,
      body: [4],
    });
  });

  it("gives no body if it fails, and no answer to what is no question", async () => {
    const failing = async (): Promise<never> => {
      throw new Error("broken");
    };
    expect(await answered({ question: 3, body: 4 }, failing)).toEqual({ answer: 3, body: undefined });
    expect(await answered({ answer: 3 }, async () => 1)).toBeUndefined();
    expect(await answered(undefined, async () => 1)).toBeUndefined();
  });
});

import { clearTimeout, setTimeout } from "node:timers";

/** A member that has not answered within this time is not asked again until it reports. */
const ANSWER_MILLIS = 500;

/** What a member is asked. */
export interface Question {
  /** Its number, which the answer has too. */
  readonly question: number;
  readonly body: unknown;
}

/** What a member answers. */
export interface Answer {
  /** The number of the question. */
  readonly answer: number;
  readonly body: unknown;
}

/** Answers a question. */
export type Answering = (body: unknown) => Promise<unknown>;

/** The questions to one member: a thread, a child process or a worker. */
export class Questions {
  readonly #send: (question: Question) => void;
  readonly #answerMillis: number;
  readonly #waiting = new Map<number, (body: unknown) => void>();
  #count = 0;
  #isSilent = false;

  constructor(send: (question: Question) => void, answerMillis = ANSWER_MILLIS) {
    this.#send = send;
    this.#answerMillis = answerMillis;
  }

  /** Resolves to `undefined` if the member does not answer in time. Does not keep the process alive. */
  ask(body: unknown): Promise<unknown> {
    if (this.#isSilent) return Promise.resolve(undefined);
    this.#count += 1;
    const question = this.#count;
    return new Promise((resolve) => {
      const end = (answer: unknown): void => {
        clearTimeout(timer);
        this.#waiting.delete(question);
        resolve(answer);
      };
      const timer = setTimeout(() => {
        this.#isSilent = true;
        end(undefined);
      }, this.#answerMillis);
      timer.unref();
      this.#waiting.set(question, end);
      this.#send({ question, body });
    });
  }

  /** Takes what the member sent. Returns whether it was an answer. */
  take(message: unknown): boolean {
    this.#isSilent = false;
    if (!isAnswer(message)) return false;
    this.#waiting.get(message.answer)?.(message.body);
    return true;
  }

  /** The member has ended: it answers nothing more. */
  close(): void {
    this.#isSilent = true;
    for (const end of this.#waiting.values()) end(undefined);
  }
}

/** The answer to a question; `undefined` if the message is no question. An error is no answer either. */
export async function answered(message: unknown, answering: Answering): Promise<Answer | undefined> {
  if (!isQuestion(message)) return undefined;
  const { question, body } = message;
  return { answer: question, body: await answering(body).catch(() => undefined) };
}

export function isQuestion(message: unknown): message is Question {
  return typeof (message as Partial<Question> | null | undefined)?.question === "number";
}

function isAnswer(message: unknown): message is Answer {
  return typeof (message as Partial<Answer> | null | undefined)?.answer === "number";
}

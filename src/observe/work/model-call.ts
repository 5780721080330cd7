import type { TaskOutcome } from "../../agents/events.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";
import { EMBEDDINGS } from "../../otel/semconv.ts";
import type { RunAround } from "./current-agent.ts";
import type { FrameworkReports } from "./framework-reports.ts";
import type { Open } from "./open-work.ts";
import type { WorkLog } from "./work-log.ts";

/** The error type of an attempt after which the SDK sent the request again. The SDK gives no other. */
export const RETRIED = "retried_request";

/** What is known of a model call when it starts. */
export interface AskedModel {
  readonly provider: string;
  readonly model: string | undefined;
  /** What is asked for, by its name in the GenAI conventions: the type of the step. */
  readonly operation: string;
}

/** The tokens of a model, as far as they are known. */
export interface ModelUse {
  readonly usage?: TokenUsage | undefined;
  readonly model?: string | undefined;
}

/** The tokens and the model of an answer, and those that its usage lacks. */
interface Answer extends ModelUse {
  readonly beside?: readonly ModelUse[] | undefined;
}

/** What a model call is recorded with. */
export interface ModelCallOptions {
  readonly log: WorkLog;
  readonly frameworkReports: FrameworkReports;
  /** The agent's bounded name. */
  readonly agentName: string;
  /** The run that the call is a step of, if there is one. */
  readonly run: RunAround | undefined;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMillis: () => number;
  readonly onOver: () => void;
}

/**
 * A call of a model by the SDK of its provider. It is a step of the agent around it. If a span reports
 * the same call, only the span counts. The first end counts.
 */
export class ProviderModelCall implements Open {
  readonly startedAt: number;
  readonly #asked: AskedModel;
  readonly #options: ModelCallOptions;
  /** From its start to the first output of the model, if that is streamed. */
  #firstTokenSeconds: number | undefined;
  #isOver = false;
  /** Whether it was counted without the tokens of its answer, which may still be read. */
  #lacksTokens = false;

  /** @param startedAt milliseconds of a monotonic clock. */
  constructor(asked: AskedModel, startedAt: number, options: ModelCallOptions) {
    this.#asked = asked;
    this.#options = options;
    this.startedAt = startedAt;
    options.run?.goesOn();
    // Embeddings are no inference.
    if (asked.operation !== EMBEDDINGS) options.run?.askedModel();
  }

  /** The SDK sends the request again, because the provider refused it or could not be reached. */
  retried(): void {
    const { log, agentName } = this.#options;
    if (this.#isOver || this.#isInSpan()) return;
    const { operation: taskType } = this.#asked;
    log.attempted(agentName, { taskType, outcome: "failure", errorType: RETRIED });
  }

  /** A part of a streamed answer has output of the model. The first such part counts. */
  firstTokenArrived(): void {
    this.#firstTokenSeconds ??= this.#seconds;
  }

  /**
   * The first end counts. Its tokens may come with a later one: an application may have the raw response
   * first, and then the answer.
   */
  ended(
    how: { readonly outcome: TaskOutcome; readonly errorType?: string | undefined },
    answer: Answer = {},
  ): void {
    if (this.#isOver) {
      if (this.#lacksTokens) this.#answered(answer);
      return;
    }
    this.close();
    if (this.#isInSpan()) {
      // Spans name the model that was asked.
      this.#answeredBeside({ ...answer, model: this.#asked.model ?? answer.model });
      return;
    }
    this.#lacksTokens = true;
    this.#answered(answer);
    const { log, agentName, run } = this.#options;
    const { outcome, errorType } = how;
    const { operation: taskType } = this.#asked;
    if (run !== undefined && !run.isOver) {
      run.stepEnded(taskType, outcome, errorType);
      return;
    }
    const seconds = this.#seconds;
    log.stepEnded(agentName, taskType, errorType ? { outcome, seconds, errorType } : { outcome, seconds });
    if (outcome !== "cancelled") log.attempted(agentName, { taskType, outcome, errorType });
  }

  #answered(answer: Answer): void {
    const { usage, model = this.#asked.model } = answer;
    const { log, agentName } = this.#options;
    if (usage !== undefined) {
      this.#lacksTokens = false;
      this.#used(usage, model);
      this.#answeredBeside(answer);
    }
    if (this.#firstTokenSeconds === undefined) return;
    log.firstTokenArrived(agentName, model, this.#firstTokenSeconds);
    this.#firstTokenSeconds = undefined;
  }

  /** No span reports these tokens. */
  #answeredBeside({ model = this.#asked.model, beside = [] }: Answer): void {
    for (const other of beside) this.#used(other.usage, other.model ?? model);
  }

  #used(usage: TokenUsage | undefined, model: string | undefined): void {
    const { log, agentName } = this.#options;
    const { operation, provider } = this.#asked;
    if (usage !== undefined) log.tokensUsed(agentName, usage, { operation, model, provider });
  }

  /** Nothing more is recorded of it. */
  close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onOver();
  }

  lose(): void {
    this.close();
  }

  withdraw(): void {
    this.close();
  }

  get #seconds(): number {
    return (this.#options.elapsedMillis() - this.startedAt) / 1000;
  }

  #isInSpan(): boolean {
    return this.#options.frameworkReports.wasAskedInSpan(this.#asked, this.startedAt);
  }
}

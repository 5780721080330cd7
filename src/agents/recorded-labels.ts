import { classOrCode } from "../core/error-name.ts";
import { emptyLabels, type Labels } from "../core/series-key.ts";
import { OTHER_NAME } from "./bounded-names.ts";

/** A label whose value the application chooses. */
export type NamedLabel = "task_type" | "error_type" | "failure_type" | "recovery_action";

/** The limits of the labels that applications choose. */
export interface LabelLimits {
  /** The maximum of values of one label, over all agents. */
  readonly names: number;
  /** The label sets that each agent has in any case. */
  readonly setsOfAgent: number;
  /** The maximum of further label sets, over all agents. */
  readonly furtherSets: number;
}

/** More names than `BoundedNames` admits: what is observed has room beside what is recorded. */
const LIMITS: LabelLimits = { names: 400, setsOfAgent: 4, furtherSets: 2000 };

/** The error type of a failure that has none. */
export const UNKNOWN_ERROR = "unknown";

const OF_SUCCESS: readonly NamedLabel[] = ["task_type"];
const OF_ERROR: readonly NamedLabel[] = ["task_type", "error_type"];

/**
 * Makes label sets of what an application records. Values and sets are bounded: a value that finds
 * no room becomes `other`, the most specific label first. So every record is counted for its agent.
 * The labels of an agent that is forgotten leave, and make room.
 */
export class RecordedLabels {
  readonly #limits: LabelLimits;
  readonly #onFull: (label: NamedLabel, value: string) => void;
  readonly #onErrorText: () => void;
  readonly #agents = new Map<string, LabelSets>();
  /** By label and value: the number of label sets that have the value. */
  readonly #uses: Readonly<Record<NamedLabel, Map<string, number>>> = {
    task_type: new Map(),
    error_type: new Map(),
    failure_type: new Map(),
    recovery_action: new Map(),
  };
  #furtherSets = 0;

  /**
   * @param options.onFull receives each label and value that became `other`.
   * @param options.onErrorText called for each error type that is a text, and became `unknown`.
   */
  constructor(
    options: {
      limits?: LabelLimits;
      onFull?: (label: NamedLabel, value: string) => void;
      onErrorText?: () => void;
    } = {},
  ) {
    this.#limits = options.limits ?? LIMITS;
    this.#onFull = options.onFull ?? (() => {});
    this.#onErrorText = options.onErrorText ?? (() => {});
  }

  /** The label of an agent alone. */
  ofAgent(agent: string): Labels {
    return this.#setsOf(agent).ofAgent;
  }

  /** The labels of a task or an attempt. An ended task without an error type was a success. */
  ofTask(agent: string, taskType: string, errorType?: string): Labels {
    if (errorType === undefined) return this.#ofSuccess(agent, taskType);
    return this.#labels(agent, OF_ERROR, [taskType, errorType]);
  }

  /**
   * The labels of a task or an attempt that failed. The error type is the class or the code of an
   * error; a message never becomes a label.
   */
  ofError(agent: string, taskType: string, given: unknown): Labels {
    return this.ofTask(agent, taskType, this.#errorType(given));
  }

  ofFailure(agent: string, failureType: string): Labels {
    return this.#labels(agent, ["failure_type"], [failureType]);
  }

  /** A recovery that did not succeed has no failure type. */
  ofRecovery(agent: string, action: string, failureType?: string): Labels {
    if (failureType === undefined) return this.#labels(agent, ["recovery_action"], [action]);
    return this.#labels(agent, ["recovery_action", "failure_type"], [action, failureType]);
  }

  /** Forgets the labels of agents that are gone. */
  forget(agents: Iterable<string>): void {
    for (const agent of agents) {
      const sets = this.#agents.get(agent);
      if (sets === undefined) continue;
      this.#agents.delete(agent);
      this.#furtherSets -= Math.max(0, sets.all.length - this.#limits.setsOfAgent);
      for (const labels of sets.all) this.#release(labels);
    }
  }

  #labels(agent: string, names: readonly NamedLabel[], given: readonly string[]): Labels {
    const sets = this.#setsOf(agent);
    const same = sets.get(names[0] as string, given);
    if (same !== undefined) return same;
    const values = given.map((value, index) => this.#admitted(names[index] as NamedLabel, value));
    return this.#fitting(sets, names, values);
  }

  /** Most agents repeat what they do. */
  #ofSuccess(agent: string, taskType: string): Labels {
    const sets = this.#setsOf(agent);
    const { lastSuccess } = sets;
    if (lastSuccess?.task_type === taskType) return lastSuccess;
    sets.lastSuccess = this.#labels(agent, OF_SUCCESS, [taskType]);
    return sets.lastSuccess;
  }

  #setsOf(agent: string): LabelSets {
    let sets = this.#agents.get(agent);
    if (sets === undefined) {
      sets = new LabelSets(agent);
      this.#agents.set(agent, sets);
    }
    return sets;
  }

  /** Replaces values by `other` from the last one on, until there is room for the set. */
  #fitting(sets: LabelSets, names: readonly NamedLabel[], values: readonly string[]): Labels {
    for (let kept = values.length; ; kept -= 1) {
      const fitting = values.map((value, index) => (index < kept ? value : OTHER_NAME));
      const same = sets.get(names[0] as string, fitting);
      if (same === undefined && kept > 0 && !this.#hasRoom(sets.all.length)) continue;
      if (kept < values.length) this.#onFull(names[kept] as NamedLabel, values[kept] as string);
      return same ?? this.#add(sets, names, fitting);
    }
  }

  #add(sets: LabelSets, names: readonly NamedLabel[], values: readonly string[]): Labels {
    if (sets.all.length >= this.#limits.setsOfAgent) this.#furtherSets += 1;
    const labels = Object.assign(emptyLabels(), sets.ofAgent);
    for (const [index, name] of names.entries()) {
      const value = values[index] as string;
      labels[name] = value;
      this.#uses[name].set(value, (this.#uses[name].get(value) ?? 0) + 1);
    }
    sets.add(names[0] as string, values, labels);
    return labels;
  }

  #errorType(given: unknown): string {
    if (typeof given !== "string" || given.trim() === "") return UNKNOWN_ERROR;
    const errorType = classOrCode(given);
    if (errorType === undefined) this.#onErrorText();
    return errorType ?? UNKNOWN_ERROR;
  }

  #admitted(name: NamedLabel, value: string): string {
    const uses = this.#uses[name];
    if (value === OTHER_NAME || uses.has(value) || uses.size < this.#limits.names) return value;
    this.#onFull(name, value);
    return OTHER_NAME;
  }

  #hasRoom(setsOfAgent: number): boolean {
    return setsOfAgent < this.#limits.setsOfAgent || this.#furtherSets < this.#limits.furtherSets;
  }

  #release(labels: Labels): void {
    for (const [name, uses] of Object.entries(this.#uses)) {
      const value = labels[name];
      if (value === undefined) continue;
      const rest = (uses.get(value) ?? 0) - 1;
      if (rest > 0) uses.set(value, rest);
      else uses.delete(value);
    }
  }
}

/** The label sets of one agent. No key is put together from texts: that costs as much as to count. */
class LabelSets {
  /** The label of the agent alone. It is in all sets, and is no set of its own. */
  readonly ofAgent: Labels;
  #byNames: Map<string, Map<string, Map<string | undefined, Labels>>> | undefined;
  all: readonly Labels[] = [];
  /** The labels of the last success. They may be those of another type if there are too many. */
  lastSuccess: Labels | undefined;

  constructor(agent: string) {
    this.ofAgent = Object.assign(emptyLabels(), { agent });
  }

  get(label: string, [first, second]: readonly string[]): Labels | undefined {
    return this.#byNames
      ?.get(label)
      ?.get(first as string)
      ?.get(second);
  }

  add(label: string, [first, second]: readonly string[], labels: Labels): void {
    this.#byNames ??= new Map();
    const byFirst = this.#byNames.get(label) ?? new Map<string, Map<string | undefined, Labels>>();
    const bySecond = byFirst.get(first as string) ?? new Map<string | undefined, Labels>();
    this.#byNames.set(label, byFirst.set(first as string, bySecond.set(second, labels)));
    // An array that grows keeps spare room, and there are thousands of agents.
    this.all = this.all.concat(labels);
  }
}

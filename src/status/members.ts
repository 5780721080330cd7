import * as v from "valibot";
import { mapping } from "../core/mapping.ts";
import type { AgentNames } from "./agent-names.ts";
import type {
  AgentTasks,
  AlertStatus,
  ForecastList,
  ListRequest,
  SeriesDetail,
  SeriesStatus,
} from "./answers.ts";

/** Another process or thread that this one shows. */
export interface StatusMember {
  /** What it is called, such as `worker 2`. */
  readonly process: string;
  readonly agents: AgentNames;
  /** Resolves to `undefined` if it does not answer. */
  ask(question: unknown): Promise<unknown>;
}

/** The other processes and threads that this one shows. */
export interface StatusMembers {
  /** What they answer changes with it. */
  readonly turn: number;
  asked(): readonly StatusMember[];
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const labels = mapping(v.string(), v.string());
const process = v.optional(v.string());
const series = v.looseObject({
  id: v.string(),
  metric: v.string(),
  labels,
  unit: v.string(),
  state: v.string(),
  horizons: v.array(
    v.looseObject({
      horizon: v.string(),
      at: v.number(),
      predicted: v.number(),
      lower: v.number(),
      upper: v.number(),
    }),
  ),
  process,
});
const listSchema = v.looseObject({ series: count, selected: count, forecasts: v.array(series) });
const detailSchema = v.looseObject({
  ...series.entries,
  past: v.looseObject({
    stepSeconds: v.number(),
    endsAt: v.number(),
    values: v.array(v.nullable(v.number())),
  }),
  path: v.array(v.looseObject({ at: v.number() })),
  quality: v.array(v.looseObject({ horizon: v.string(), method: v.string() })),
  before: v.array(v.looseObject({ horizon: v.string() })),
});
const alertsSchema = v.array(
  v.looseObject({ name: v.string(), state: v.string(), since: v.number(), labels, process }),
);
const tasksSchema = v.object({ completed: v.number(), failed: v.number(), active: v.number() });

/** Asks members of one process for what `answerTo` answers. */
export class AskedMembers {
  readonly #members: readonly StatusMember[];
  readonly #agents: AgentNames | undefined;

  /** @param agents the names that another process shows the agents of this one by. */
  constructor(members: readonly StatusMember[], agents: AgentNames | undefined) {
    this.#members = members;
    this.#agents = agents;
  }

  /** The list of each member; `undefined` for those that do not answer. */
  lists(
    request: ListRequest,
  ): Promise<(Pick<ForecastList, "series" | "selected" | "forecasts"> | undefined)[]> {
    return Promise.all(
      this.#members.map(async (member) => {
        const list = await this.#ask(member, { about: "forecasts", request }, listSchema);
        if (list === undefined) return undefined;
        const forecasts = list.forecasts.map((one) => ofProcess(one as SeriesStatus, member));
        return { ...list, forecasts };
      }),
    );
  }

  /** The series with this id; `undefined` if no member has it. */
  async series(id: string): Promise<SeriesDetail | undefined> {
    const found = await Promise.all(
      this.#members.map(async (member) => {
        const detail = await this.#ask(member, { about: "series", id }, detailSchema);
        return detail === undefined ? undefined : ofProcess(detail as unknown as SeriesDetail, member);
      }),
    );
    return found.find((detail) => detail !== undefined);
  }

  async alerts(): Promise<AlertStatus[]> {
    const all = this.#members.map(async (member) => {
      const alerts = (await this.#ask(member, { about: "alerts" }, alertsSchema)) ?? [];
      return alerts.map((one) => ofProcess(one as unknown as AlertStatus, member));
    });
    return (await Promise.all(all)).flat();
  }

  async tasksOf(agent: string): Promise<AgentTasks | undefined> {
    for (const member of this.#members)
      if ([...this.#namesOf(member).values()].includes(agent))
        return this.#ask(member, { about: "tasks", agent }, tasksSchema);
    return undefined;
  }

  async #ask<Schema extends v.GenericSchema>(
    member: StatusMember,
    question: Readonly<Record<string, unknown>>,
    schema: Schema,
  ): Promise<v.InferOutput<Schema> | undefined> {
    const answer = await member.ask({ ...question, names: [...this.#namesOf(member)] });
    const read = v.safeParse(schema, answer);
    return read.success ? read.output : undefined;
  }

  #namesOf({ agents }: StatusMember): AgentNames {
    const outer = this.#agents;
    if (outer === undefined) return agents;
    const shown = Array.from(agents, ([given, name]) => [given, outer.get(name)] as const);
    return new Map(shown.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
  }
}

function ofProcess<Given extends { readonly process?: string }>(given: Given, member: StatusMember): Given {
  const inner = given.process === undefined ? "" : `, ${given.process}`;
  return { ...given, process: `${member.process}${inner}` };
}

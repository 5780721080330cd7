import * as v from "valibot";
import type { StatusReader } from "./status-reader.ts";

const names = v.array(v.tuple([v.string(), v.string()]));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const optionalText = v.optional(v.string());

const questionSchema = v.variant("about", [
  v.object({
    about: v.literal("forecasts"),
    names,
    request: v.object({
      match: optionalText,
      search: optionalText,
      limit: count,
      offset: v.optional(count),
      sort: v.optional(v.picklist(["urgency", "name"])),
      recent: v.optional(count),
    }),
  }),
  v.object({ about: v.literal("series"), names, id: v.string() }),
  v.object({ about: v.literal("alerts"), names }),
  v.object({ about: v.literal("tasks"), names, agent: v.string() }),
]);

/** Answers a question of the process that shows this one. Only of agents, by the names of that process. */
export async function answerTo(reader: StatusReader, given: unknown): Promise<unknown> {
  const question = v.parse(questionSchema, given);
  const agents = new Map(question.names);
  switch (question.about) {
    case "forecasts":
      return reader.forecasts(question.request, agents);
    case "series":
      return reader.series(question.id, agents);
    case "alerts":
      return reader.alerts(agents);
    case "tasks":
      return reader.tasksOf(question.agent, agents);
  }
}

import { z } from "zod";
import { subjectIn } from "../../../status/headline.ts";
import { counted } from "../../counted.ts";
import { fittingRows } from "../answer.ts";
import type { AlertAnswer } from "../api-answers.ts";
import {
  clockTime,
  isoTime,
  processField,
  seriesFields,
  thresholdField,
  timeField,
} from "../shown-series.ts";
import { tool } from "../tool.ts";

const STATES = ["firing", "pending"] as const;

/** Lists the alerts that fire or are pending. */
export const alertsTool = tool({
  name: "alerts",
  title: "Firing and pending alerts",
  description:
    "Lists the alerts of the process that fire, and those that are pending because their condition has not " +
    "held long enough yet, with the series, the threshold, the values now and at the horizon, and the text of " +
    "the alert. Firing ones come first.",
  input: z.strictObject({}),
  output: z.object({
    firing: z.number(),
    pending: z.number(),
    leftOut: z.number().describe("How many of them are not in the answer"),
    alerts: z.array(
      z.object({
        name: z.string(),
        state: z.enum(STATES),
        since: timeField,
        severity: z.string(),
        metric: seriesFields.metric,
        labels: seriesFields.labels,
        unit: seriesFields.unit,
        threshold: thresholdField,
        at: timeField,
        value: z.number().describe("At the time at"),
        predicted: z.number().exactOptional().describe("The forecast at the horizon of the alert"),
        secondsToThreshold: z.number().exactOptional(),
        summary: z.string(),
        description: z.string(),
        runbook: z.string().exactOptional().describe("URL"),
        process: processField,
      }),
    ),
  }),
  answer: async (api, _, signal) => {
    const all = await api.alerts(signal);
    const rows = STATES.flatMap((state) =>
      all.filter((alert) => alert.state === state).map((alert) => rowOf(alert, state)),
    );
    const fitting = fittingRows(rows);
    const [firing = 0, pending = 0] = STATES.map((state) => all.filter((it) => it.state === state).length);
    const leftOut = rows.length - fitting.length;
    return {
      data: { firing, pending, leftOut, alerts: fitting.map(({ data }) => data) },
      lines: [
        `${counted(firing, "alert fires", "alerts fire")}, ${counted(pending, "is", "are")} pending.${leftOut > 0 ? ` ${leftOut} of them are not in this answer.` : ""}`,
        ...fitting.map(({ line }) => line),
      ],
    };
  },
});

function rowOf(alert: AlertAnswer, state: (typeof STATES)[number]) {
  const { name, since, severity, metricName: metric, labels, unit, threshold, at, current } = alert;
  const { predictedValue, timeToThresholdSeconds, summary, description, runbookUrl, process } = alert;
  const data = {
    name,
    state,
    since: isoTime(since),
    severity,
    metric,
    labels,
    unit,
    threshold,
    at: isoTime(at),
    value: current,
    ...(predictedValue === undefined ? {} : { predicted: predictedValue }),
    ...(timeToThresholdSeconds === undefined ? {} : { secondsToThreshold: timeToThresholdSeconds }),
    summary,
    description,
    ...(runbookUrl === undefined ? {} : { runbook: runbookUrl }),
    ...(process === undefined ? {} : { process }),
  };
  const line = `- ${state} since ${clockTime(since)}: ${name} (${severity}) on ${subjectIn(data)}: ${JSON.stringify(summary)}, ${JSON.stringify(description)}`;
  return { data, line };
}

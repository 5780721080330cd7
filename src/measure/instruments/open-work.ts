import type { Meter } from "@opentelemetry/api";
import type { AgentBook } from "../../agents/agent-book.ts";

/** Gauges of what agents have begun and not ended. */
export function observeOpenWork(meter: Meter, namespace: string, book: AgentBook): void {
  meter
    .createObservableGauge(`${namespace}.active_tasks`, {
      description: "Tasks that have begun and not ended",
    })
    .addCallback((result) => {
      for (const [agent, count] of book.activeTasks()) result.observe(count, { agent });
    });
  meter
    .createObservableGauge(`${namespace}.open_failures`, {
      description: "Failures without a recovery so far",
    })
    .addCallback((result) => {
      for (const [agent, count] of book.openFailures()) result.observe(count, { agent });
    });
}

import type { Child } from "../e2e/harness/child.ts";
import { scrape, shownValue } from "../e2e/harness/exposition.ts";

/** Waits until each of these agents has completed tasks, by the endpoint that a child has on this port. */
export async function atWork(child: Child, port: number, agents: readonly string[]): Promise<void> {
  await child.waitFor(`tasks of ${agents}`, async () => {
    const samples = await scrape(`http://localhost:${port}/metrics`);
    const done = (agent: string) => shownValue(samples, "ai_cloud_completed_tasks_total", { agent }) ?? 0;
    const missing = agents.filter((agent) => done(agent) === 0);
    if (missing.length > 0) throw new Error(`no tasks of ${missing}`);
    return true;
  });
}

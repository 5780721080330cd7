import { contest } from "../harness/contest.mjs";
import { printMarkdown } from "../harness/table.mjs";

/** Longer than the expiry of an hour: agents that have come first are gone, and their places are taken. */
const TICKS = 400;

/** What remains of agents that come, do one task and are never seen again. */
export async function manyAgents({ isQuick }) {
  const rows = [];
  for (const agents of isQuick ? [100, 1000] : [1000, 10_000, 100_000, 1_000_000]) {
    const setup = { agents, ticks: isQuick ? 20 : TICKS };
    const { [agents]: it } = await contest({ [agents]: { module: "many-agents", setup } }, isQuick ? 1 : 3);
    const whole = [agents, it.kept, it.series, it.dropped].map((number) => number.toLocaleString("en-GB"));
    rows.push([
      ...whole,
      it.recordMicros,
      it.residentBytes / 1e6,
      it.heldBytes / 1e6,
      it.scrapedBytes / 1e6,
      it.scrapeMillis,
      it.turnMillis,
      it.pageBytes / 1e6,
    ]);
  }
  printMarkdown(
    "Agents with one task each, in an app that has run for 67 minutes",
    [
      ...["distinct agents", "known now", "series forecast", "tasks dropped", "us a task", "resident MB"],
      ...[
        "heap and external MB",
        "resident MB after scrapes",
        "scrape: CPU ms",
        "longest turn ms",
        "MB sent",
      ],
    ],
    rows,
  );
}

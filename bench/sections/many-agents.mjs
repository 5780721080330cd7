import { measureEach } from "../harness/contest.mjs";
import { printMarkdown, whole } from "../harness/table.mjs";

/** Every minute, longer than the expiry of an hour: the first agents are gone, and others have their places. */
const TICKS = 70;

/** What remains of agents that come, do one task and are never seen again. */
export async function manyAgents({ isQuick }) {
  const sizes = isQuick ? [10, 100] : [1000, 1_000_000];
  const contenders = sizes.map((agents) => [
    `${whole(agents)} agents`,
    { module: "many-agents", setup: { agents, ticks: isQuick ? 20 : TICKS } },
  ]);
  const rows = await measureEach(Object.fromEntries(contenders), isQuick ? 1 : 3);
  printMarkdown(
    "Agents with one task each, in an app that has run for 70 minutes and is collected every minute",
    [
      ...["distinct agents", "known now", "series forecast", "tasks dropped", "resident MB"],
      ...[
        "heap and external MB",
        "resident MB after scrapes",
        "scrape: CPU ms",
        "longest turn ms",
        "MB sent",
      ],
    ],
    rows.map((it) => [
      ...[it.agents, it.kept, it.series, it.dropped].map(whole),
      it.residentBytes / 1e6,
      it.heldBytes / 1e6,
      it.scrapedBytes / 1e6,
      it.scrapeMillis,
      it.turnMillis,
      it.pageBytes / 1e6,
    ]),
  );
}

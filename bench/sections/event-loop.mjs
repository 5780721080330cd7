import { contest } from "../harness/contest.mjs";
import { printTable, whole } from "../harness/table.mjs";

/** Every series has had its first models by then. */
const YOUNG = 60;

/** How much longer things wait for the event loop of an app that has many series and is collected every 10 s. */
export async function eventLoop({ isQuick, series }) {
  const sizes = series ?? (isQuick ? [1000] : [1000, 10_000]);
  const contenders = [0, ...sizes].map((size) => [
    size === 0 ? "an idle process" : `${whole(size)} series`,
    { module: "event-loop", setup: { series: size, age: YOUNG, intervals: isQuick ? 1 : 3 } },
  ]);
  const measured = await contest(Object.fromEntries(contenders), isQuick ? 1 : 5);
  const [idle] = Object.values(measured);
  printTable(
    "How long a timer waits for the event loop, collected every 10 s: ms by the clock",
    ["", "p50", "p99", "p99 more", "p99.9", "longest"],
    Object.entries(measured).map(([name, it]) => [
      ...[name, it.p50, it.p99, it.p99 - idle.p99, it.p999, it.longest],
    ]),
  );
}

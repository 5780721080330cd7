import { expect, it } from "vitest";
import { readUsedToday } from "../../src/agents/used-today.ts";

const entry = { agent: "planner", lastUsedAt: 5, tokens: 3, models: [{ model: "m", tokens: 3, cost: 1 }] };
const other = { agent: "clerk", lastUsedAt: 6, tokens: 1 };

it.each([
  [undefined, [], 0],
  [[], [], 0],
  [[entry, other], [entry, other], 0],
  [[entry, { ...entry, tokens: 9 }, other], [entry, other], 1],
  [[{ ...entry, tokens: -1 }, other, 7, null, { ...other, agent: " " }], [other], 4],
  [entry, [], 1],
  ["damaged", [], 1],
])(
  "reads what was saved of each agent, the first entry of each, and counts the others: %o",
  (saved, used, broken) => {
    expect(readUsedToday(saved)).toEqual({ used, broken });
  },
);

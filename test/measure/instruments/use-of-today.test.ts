import { expect, it } from "vitest";
import { UseOfToday } from "../../../src/measure/instruments/use-of-today.ts";

const NOON = Date.UTC(2026, 0, 1, 12);

it("keeps 512 members apart, and adds up those that have not reported for longest", () => {
  const today = new UseOfToday(undefined);
  const report = (id: string, tokens = 1): void =>
    today.takeMember(id, [{ agent: "planner", lastUsedAt: NOON, tokens }], NOON);
  const members = () => today.usedByEachMember("ended", NOON);
  const tokensOf = (id: string) => members().find((it) => it.id === id)?.today[0]?.tokens;
  for (let member = 0; member < 512; member += 1) report(`member ${member}`);
  expect(members()).toHaveLength(1 + 512);
  expect(tokensOf("ended")).toBeUndefined();
  // A member that reports again is the last one to be added up.
  report("member 0", 5);
  report("one more", 7);
  report("another one", 8);
  expect(members()).toHaveLength(1 + 512);
  expect(["ended", "member 0", "member 1", "member 2", "member 3"].map(tokensOf)).toEqual([
    2,
    5,
    undefined,
    undefined,
    1,
  ]);
  expect(today.usedByMembers(NOON)[0]?.tokens).toBe(511 + 5 + 7 + 8);
});

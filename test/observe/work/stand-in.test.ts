import { expect, it } from "vitest";
import { standIn } from "../../../src/observe/work/stand-in.ts";

class Options {
  readonly #folder = "/srv";
  readonly name: string = "planner";
  turns?: number = 1;
  get folder(): string {
    return this.#folder;
  }
}

it("reads as the given object, except for what is changed", () => {
  const given = Object.freeze(new Options());
  const stand = standIn(given, { name: "other", added: 1 });
  expect([stand.name, stand.folder, stand.turns]).toEqual(["other", "/srv", 1]);
  expect(stand).toBeInstanceOf(Options);
  expect({ ...stand }).toEqual({ name: "other", turns: 1, added: 1 });
  expect(given.name).toBe("planner");
});

it("keeps what is written and deleted to itself", () => {
  const given = new Options();
  const stand = standIn(given, {});
  stand.turns = 2;
  expect([stand.turns, given.turns]).toEqual([2, 1]);
  delete stand.turns;
  expect([stand.turns, "turns" in stand, given.turns]).toEqual([undefined, false, 1]);
});

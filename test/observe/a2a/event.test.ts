import { expect, it } from "vitest";
import { endingOfState, stateIn } from "../../../src/observe/a2a/event.ts";
import { STATES } from "./a2a-sdk.ts";

it.for(Object.entries(STATES))("the state %s ends a task as its number %i does", ([name, number]) => {
  const old = { kind: "status-update", status: { state: name } };
  const current = { kind: "statusUpdate", data: { status: { state: number } } };
  expect(endingOfState(stateIn(old))).toEqual(endingOfState(stateIn(current)));
  expect(endingOfState(name) === undefined).toBe(["submitted", "working"].includes(name));
});

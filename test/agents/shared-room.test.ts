import { describe, expect, it } from "vitest";
import { AgentBook } from "../../src/agents/agent-book.ts";
import { SharedRoom } from "../../src/agents/shared-room.ts";

const AGENTS = 40;
const names = Array.from({ length: AGENTS }, (_, index) => `agent ${index}`);
const newBook = () => new AgentBook({ windowMillis: 60_000, maxAgents: AGENTS });

/** How many of what each agent records were taken. */
function takenOf(each: number, take: (agentName: string, id: string) => { dropped?: string | undefined }) {
  return names.map((agentName) => {
    let taken = 0;
    for (let id = 0; id < each; id += 1) if (take(agentName, `${id}`).dropped === undefined) taken += 1;
    return taken;
  });
}

describe("room that agents share", () => {
  it("is beyond what each has, and comes back", () => {
    const room = new SharedRoom(2, 3);
    expect([0, 1, 2, 3, 4, 5].map((had) => room.take(had))).toEqual([true, true, true, true, true, false]);
    expect([room.take(1), room.take(2)]).toEqual([true, false]);
    room.giveBack(5, 4);
    expect([room.take(4), room.take(5)]).toEqual([true, false]);
    room.giveBack(2, 1);
    expect(room.take(2)).toBe(false);
    room.giveBack(5, 0);
    expect([2, 3, 4, 5].map((had) => room.take(had))).toEqual([true, true, true, false]);
  });

  it("limits the open tasks of all agents, until tasks end", () => {
    const book = newBook();
    const start = (agentName: string, taskId: string) =>
      book.startTask({ agentName, taskId, taskType: "t" }, 0);
    const taken = takenOf(10_000, start);
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(100_000 + AGENTS * 10);
    expect([taken[0], taken.at(-1)]).toEqual([10_000, 10]);
    expect(start("agent 39", "more")).toEqual({ dropped: "max_open_tasks" });
    const task = { agentName: "agent 0", taskId: "0", taskType: "t", success: true, executionTime: 1 };
    expect(book.endTask(task, 0)).toEqual({});
    expect(start("agent 39", "more")).toEqual({});
  });

  it("limits the open failures of all agents, until they are recovered or the agent is gone", () => {
    const book = newBook();
    const fail = (agentName: string, failureId: string) =>
      book.recordFailure({ agentName, failureId, failureType: "f" }, 0);
    const taken = takenOf(10_000, fail);
    expect(taken.reduce((sum, one) => sum + one, 0)).toBe(100_000 + AGENTS * 10);
    expect(fail("agent 39", "more")).toEqual({ dropped: "max_open_failures" });
    const recovery = { agentName: "agent 0", failureId: "0", recoveryAction: "r", success: true };
    expect(book.recordRecovery(recovery, 0)).toMatchObject({ failureType: "f" });
    expect([fail("agent 39", "more").dropped, fail("agent 39", "most").dropped]).toEqual([
      undefined,
      "max_open_failures",
    ]);
    book.expire(0);
    expect(takenOf(10_000, fail)[0]).toBe(10_000);
  });

  it("limits the task types with numbers of their own; all tasks count for their agent", () => {
    const book = newBook();
    const end = (agentName: string, taskType: string) =>
      book.endTask({ agentName, taskId: taskType, taskType, success: true, executionTime: 1 }, 0);
    const typesOf = (agentName: string) => Object.keys(book.performance(agentName, 0).byTaskType).length;
    takenOf(120, end);
    const types = names.map(typesOf);
    expect([types[0], types.at(-1)]).toEqual([100, 4]);
    expect(types.reduce((sum, one) => sum + one, 0)).toBe(2000 + AGENTS * 4);
    expect(book.performance("agent 39", 0).completedTasks).toBe(120);
    book.expire(0);
    takenOf(120, end);
    expect(typesOf("agent 0")).toBe(100);
  });

  it("limits the resources", () => {
    const book = new AgentBook({ windowMillis: 60_000, maxAgents: 200 });
    const resources = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`r${index}`, index]));
    const record = () => {
      for (let agent = 0; agent < 200; agent += 1) book.recordResources(`agent ${agent}`, resources, 0);
    };
    const known = (agent: number) =>
      Object.keys(book.performance(`agent ${agent}`, 0).resourceConsumption).length;
    record();
    expect([known(0), known(199)]).toEqual([100, 4]);
    book.expire(0);
    record();
    expect([known(0), known(199)]).toEqual([100, 4]);
  });
});

import { describe, expect, it, vi } from "vitest";
import { RecordedLabels } from "../../src/agents/recorded-labels.ts";

const LIMITS = { names: 3, setsOfAgent: 2, furtherSets: 4 };

describe("labels that an application records", () => {
  it("are kept as they are while there is room", () => {
    const labels = new RecordedLabels();
    expect(labels.ofTask("a", "t")).toEqual({ agent: "a", task_type: "t" });
    expect(labels.ofTask("a", "t", "E")).toEqual({ agent: "a", task_type: "t", error_type: "E" });
    expect(labels.ofFailure("a", "crash")).toEqual({ agent: "a", failure_type: "crash" });
    expect(labels.ofRecovery("a", "restart", "crash")).toEqual({
      agent: "a",
      recovery_action: "restart",
      failure_type: "crash",
    });
    expect(labels.ofRecovery("a", "restart")).toEqual({ agent: "a", recovery_action: "restart" });
  });

  it.each([
    ["task_type", (labels: RecordedLabels, name: string) => labels.ofTask("a", name)],
    ["error_type", (labels: RecordedLabels, name: string) => labels.ofTask("a", "t", name)],
    ["failure_type", (labels: RecordedLabels, name: string) => labels.ofFailure("a", name)],
    ["recovery_action", (labels: RecordedLabels, name: string) => labels.ofRecovery("a", name)],
  ] as const)("%s has a bounded number of values, then other", (label, record) => {
    const onFull = vi.fn();
    const labels = new RecordedLabels({ onFull, limits: { names: 3, setsOfAgent: 100, furtherSets: 100 } });
    const values = Array.from({ length: 10 }, (_, i) => record(labels, `n${i}`)[label]);
    expect(values).toEqual(["n0", "n1", "n2", ...Array(7).fill("other")]);
    expect(onFull).toHaveBeenCalledTimes(7);
    expect(onFull).toHaveBeenLastCalledWith(label, "n9");
    expect(record(labels, "n1")[label]).toBe("n1");
  });

  it("are the same object for the same labels, until their agent is forgotten", () => {
    const labels = new RecordedLabels();
    const [first, other] = [labels.ofTask("a", "t"), labels.ofTask("a", "u")];
    expect([labels.ofTask("a", "t"), labels.ofTask("a", "t"), labels.ofTask("a", "u")]).toEqual([
      first,
      first,
      other,
    ]);
    expect(labels.ofTask("a", "t")).toBe(first);
    labels.forget(["a"]);
    expect(labels.ofTask("a", "t")).toEqual(first);
    expect(labels.ofTask("a", "t")).not.toBe(first);
  });

  it("give up the most specific label first where there are too many sets", () => {
    const onFull = vi.fn();
    const labels = new RecordedLabels({ onFull, limits: { names: 100, setsOfAgent: 1, furtherSets: 2 } });
    const sets = Array.from({ length: 5 }, (_, i) => labels.ofTask("a", `t${i % 2}`, `E${i}`));
    expect(sets.map(({ task_type, error_type }) => [task_type, error_type])).toEqual([
      ["t0", "E0"],
      ["t1", "E1"],
      ["t0", "E2"],
      ["other", "other"],
      ["other", "other"],
    ]);
    expect(onFull.mock.calls).toEqual([
      ["task_type", "t1"],
      ["task_type", "t0"],
    ]);
  });

  it("leave room for each agent, however many names another one invents", () => {
    const labels = new RecordedLabels({ limits: { names: 100, setsOfAgent: 2, furtherSets: 4 } });
    const ofOne = new Set(Array.from({ length: 50 }, (_, i) => labels.ofTask("one", "t", `E${i}`)));
    expect(ofOne.size).toBe(2 + 4 + 1);
    expect(labels.ofTask("another", "u")).toEqual({ agent: "another", task_type: "u" });
  });

  it("are the same object for the same labels", () => {
    const labels = new RecordedLabels();
    expect(labels.ofTask("a", "t")).toBe(labels.ofTask("a", "t"));
  });

  it("make room when their agent is forgotten", () => {
    const onFull = vi.fn();
    const labels = new RecordedLabels({ onFull, limits: LIMITS });
    for (let life = 0; life < 20; life += 1) {
      for (let i = 0; i < 3; i += 1) labels.ofTask(`agent ${life}`, `t${life}-${i}`);
      labels.forget([`agent ${life}`]);
    }
    expect(onFull).not.toHaveBeenCalled();
    for (let i = 0; i < 4; i += 1) labels.ofTask("a", `t${i}`);
    expect(onFull).toHaveBeenCalledTimes(1);
  });

  it("keep a name that another agent has", () => {
    const labels = new RecordedLabels({ limits: LIMITS });
    for (const name of ["x", "y", "z"]) labels.ofTask("stays", name);
    labels.ofTask("goes", "x");
    labels.forget(["goes", "never seen"]);
    expect(labels.ofTask("new", "w").task_type).toBe("other");
    expect(labels.ofTask("new", "x").task_type).toBe("x");
  });
});

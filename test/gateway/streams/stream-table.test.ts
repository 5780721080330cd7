import { describe, expect, it } from "vitest";
import { headerOf, START, Table } from "./harness.ts";

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

describe("the labels of a stream", () => {
  it("are the attributes of its points, and job and instance of its resource", () => {
    const table = new Table();
    const resource = { "service.name": "api", "service.namespace": "shop", "service.instance.id": "7" };
    table.stream({ resource, attributes: { route: "/" } }).number(1, START, Number.NaN);
    expect(table.points()).toEqual([{ labels: { job: "shop/api", instance: "7", route: "/" }, value: 1 }]);
  });

  it("name the host when the service does not name its instance", () => {
    const table = new Table();
    table.stream({ resource: { "host.name": "web-1", "host.id": "x" } }).number(1, START, Number.NaN);
    expect(table.points()).toEqual([{ labels: { instance: "web-1" }, value: 1 }]);
  });

  it("name the tenant, under the name that was asked for", () => {
    const table = new Table({ tenantLabel: "team" });
    table.stream({ tenant: "red" }).number(1, START, Number.NaN);
    table.stream({ tenant: "blue" }).number(2, START, Number.NaN);
    expect(table.points()).toEqual([
      { labels: { team: "red" }, value: 1 },
      { labels: { team: "blue" }, value: 2 },
    ]);
  });
});

it("no attribute of a sender makes its series those of another tenant", () => {
  const table = new Table();
  table
    .stream({ tenant: "blue", attributes: { tenant: "red" }, resource: { tenant: "red" } })
    .number(2, START, 0);
  table.stream({ attributes: { tenant: "red" } }).number(3, START, 0);
  expect(table.points()).toEqual([
    { labels: { tenant: "blue" }, value: 2 },
    // Without a tenant, it is a label like any other.
    { labels: { tenant: "red" }, value: 3 },
  ]);
});

describe("a metric of a sender", () => {
  it("is kept once, in however many words it is described", () => {
    const table = new Table();
    const sender = table.streams.intakeFor().resource("", () => ({}));
    const described = (description: string) => sender.metric(description, () => headerOf({ description }));
    const metric = described("one");
    expect(described("other")).toBe(metric);
    metric.stream("", () => ({}))?.number(1, START, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 1 }]);
  });

  it("is found again after its sender has used more descriptions than are kept", () => {
    const table = new Table();
    const sender = table.streams.intakeFor().resource("", () => ({}));
    let read = 0;
    const described = (description: string) =>
      sender.metric(description, () => {
        read += 1;
        return headerOf({ description });
      });
    const metric = described("first");
    for (let number = 0; number < 20_000; number += 1) described(`number ${number}`);
    read = 0;
    expect(described("first")).toBe(metric);
    expect(read).toBe(1);
  });
});

describe("a stream", () => {
  it("is the same one, however its sender writes its attributes", () => {
    const table = new Table();
    table.stream({ attributes: { a: "1", b: "2" } }).number(1, START, Number.NaN);
    table.stream({ attributes: { b: "2", a: "1" } }).number(2, START + 1000, Number.NaN);
    expect(table.streams.size).toBe(1);
  });

  it("is another one of another resource, although its labels are the same", () => {
    const table = new Table();
    const header = { kind: "counter", temporality: "cumulative" } as const;
    for (const pid of ["1", "2"]) {
      const stream = table.stream({ header, resource: { "process.pid": pid } });
      stream.number(100, START, START - HOUR);
      stream.number(103, START + 1000, START - HOUR);
    }
    expect(table.points()).toEqual([
      { labels: {}, value: 3, before: 100 },
      { labels: {}, value: 3, before: 100 },
    ]);
  });

  it("is forgotten after the expiry, and makes room", () => {
    const table = new Table({ maxStreams: 1 });
    table.stream({ attributes: { pod: "a" } }).number(1, START, Number.NaN);
    expect(table.find({ attributes: { pod: "b" } })).toBeUndefined();
    expect(table.dropped).toEqual(["too_many_streams"]);
    table.now += 2 * HOUR;
    table.streams.expire();
    expect(table.streams.size).toBe(0);
    table.stream({ attributes: { pod: "b" } }).number(2, table.now, Number.NaN);
    expect(table.points()).toEqual([{ labels: { pod: "b" }, value: 2 }]);
  });

  it("is taken up again by a sender that was silent for longer than the expiry", () => {
    const table = new Table();
    table.stream({}).number(1, START, Number.NaN);
    table.now += 2 * HOUR;
    table.streams.expire();
    table.stream({}).number(2, table.now, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 2 }]);
  });

  it("of a total goes on where it ended, if its sender was away for a moment", () => {
    const table = new Table({ maxStreams: 1 });
    const header = { kind: "counter", temporality: "cumulative" } as const;
    table.stream({ header }).number(100, START, Number.NaN);
    table.collect();
    table.stream({ header }).number(103, START + SECOND, Number.NaN);
    // A scrape fails: Prometheus marks the end of all series of the target.
    table.stream({ header }).end(START + 2 * SECOND);
    table.streams.expire();
    expect(table.points()).toEqual([{ labels: {}, value: 3 }]);
    table.streams.expire();
    table.now += MINUTE;
    table.stream({ header }).number(110, table.now, Number.NaN);
    expect(table.points()).toEqual([{ labels: {}, value: 7 }]);
    table.stream({ header }).end(table.now + SECOND);
    table.now += 6 * MINUTE;
    table.streams.expire();
    expect(table.streams.size).toBe(0);
    expect([...table.streams.sizes()]).toEqual([[undefined, 0]]);
  });

  it("of a gauge that has ended makes room, and one of a total that goes on keeps its own", () => {
    const table = new Table({ maxStreams: 2 });
    const header = { kind: "counter", temporality: "cumulative" } as const;
    table.stream({}).number(1, START, Number.NaN);
    table.stream({ header }).number(1, START, Number.NaN);
    table.stream({}).end(START + SECOND);
    table.stream({ header }).end(START + SECOND);
    table.now += MINUTE;
    table.streams.expire();
    expect([...table.streams.sizes()]).toEqual([[undefined, 1]]);
    table.stream({ header }).number(2, table.now, Number.NaN);
    table.now += 10 * MINUTE;
    table.streams.expire();
    expect([...table.streams.sizes()]).toEqual([[undefined, 1]]);
  });

  it("of another member is counted and left out", () => {
    const table = new Table({ owns: (id) => !id.includes("theirs") });
    table.stream({ attributes: { shard: "theirs" } }).number(1, START, Number.NaN);
    table.stream({ attributes: { shard: "ours" } }).number(2, START, Number.NaN);
    expect(table.points()).toEqual([{ labels: { shard: "ours" }, value: 2 }]);
    expect(table.dropped).toEqual(["not_owned"]);
  });
});

describe("a limit of streams", () => {
  it("is that of one tenant: the others are not concerned", () => {
    const table = new Table({ maxStreams: 1 });
    table.stream({ tenant: "red", attributes: { a: "1" } });
    expect(table.find({ tenant: "red", attributes: { a: "2" } })).toBeUndefined();
    expect(table.find({ tenant: "blue", attributes: { a: "1" } })).toBeDefined();
  });
});

it("senders that name ever different tenants share one, at last", () => {
  const table = new Table();
  for (let tenant = 0; tenant < 1005; tenant += 1)
    table.stream({ tenant: String(tenant), attributes: { t: String(tenant) } }).number(1, START, Number.NaN);
  const tenants = table.points().map(({ labels }) => labels.tenant);
  expect(new Set(tenants).size).toBe(1001);
  expect(tenants.filter((tenant) => tenant === "others")).toHaveLength(5);
});

describe("when the memory is used up", () => {
  it("a new stream is refused, and those that are known go on", () => {
    let hasMemory = true;
    const table = new Table({ hasMemory: () => hasMemory });
    const known = table.stream({ attributes: { a: "1" } });
    hasMemory = false;
    expect(table.find({ attributes: { a: "2" } })).toBeUndefined();
    known.number(5, START, Number.NaN);
    expect(table.points()).toEqual([{ labels: { a: "1" }, value: 5 }]);
    expect(table.dropped).toEqual(["too_little_memory"]);
  });
});

it("metrics of the same name and different kinds are different metrics", () => {
  const table = new Table();
  table.stream({ header: { kind: "gauge" } }).number(1, START, Number.NaN);
  table.stream({ header: { kind: "counter", temporality: "delta" } }).number(2, START, Number.NaN);
  expect(table.collect().map(({ kind }) => kind)).toEqual(["level", "increment"]);
});

it("a metric keeps the header that came first", () => {
  const table = new Table();
  table.stream({ header: { description: "first" } }).number(1, START, Number.NaN);
  table.stream({ header: { description: "second" }, attributes: { a: "1" } }).number(2, START, Number.NaN);
  expect(table.collect()).toMatchObject([{ description: "first", name: headerOf({}).name }]);
});

it("makes room for new streams also after the clock was set back", () => {
  const table = new Table({ maxStreams: 1 });
  const afterExpiry = (attributes: Record<string, string>): void => {
    table.stream({ attributes }).number(1, table.now, Number.NaN);
    table.now += 3_600_001;
    table.streams.expire();
  };
  afterExpiry({ id: "first" });
  table.now -= 4 * 3_600_000;
  afterExpiry({ id: "second" });
  expect(table.find({ attributes: { id: "third" } })).toBeDefined();
});

import { beforeEach, describe, expect, it } from "vitest";
import {
  type Transport,
  type Watch,
  watchCall,
  watchTransport,
} from "../../../src/observe/mcp/watched-transport.ts";
import { AgentAtWork, CurrentAgents } from "../../../src/observe/work/current-agent.ts";

const done: unknown[][] = [];
const noted =
  (name: string) =>
  (...args: unknown[]) =>
    void done.push([name, ...args]);
/** What the connection gives for a message; `undefined`: it does not look at it. */
let departure: object | undefined;
let arrival: object | undefined;
let transport: Transport;
let given: Transport;

beforeEach(() => {
  done.splice(0);
  departure = undefined;
  arrival = undefined;
  given = {
    send: async (message) => {
      if (message === "broken") throw new RangeError("no");
      return ["sent", message];
    },
    onmessage: (message) => {
      if (message === "broken") throw new RangeError("no");
      return ["handled", message, new CurrentAgents().innermost?.agentName];
    },
    onclose: () => "closed",
  };
  transport = { ...given };
  const connection = {
    sending: (...args: unknown[]) => {
      done.push(["sending", ...args]);
      return departure;
    },
    received: (...args: unknown[]) => {
      done.push(["received", ...args]);
      return arrival;
    },
    closed: noted("connection closed"),
  };
  const watch = {
    connection,
    caller: () => "caller",
    safely: (look: () => unknown) => look(),
    onClosed: noted("over"),
  };
  watchTransport(transport, watch as unknown as Watch);
});

describe("a message that is sent", () => {
  it("is seen with its options and its caller, and sent as without us", async () => {
    expect(await transport.send?.("m", "options")).toEqual(["sent", "m"]);
    expect(done).toEqual([["sending", "m", "options", "caller"]]);
  });

  it.each([true, false])(
    "is followed until it was sent, whoever handles its failure: %s",
    async (isHandled) => {
      departure = { isHandled, onSent: noted("sent") };
      expect(await transport.send?.("m")).toEqual(["sent", "m"]);
      await new Promise((turn) => setImmediate(turn));
      expect(done.slice(1)).toEqual([["sent", undefined]]);
      await expect(transport.send?.("broken")).rejects.toThrow("no");
      await new Promise((turn) => setImmediate(turn));
      expect(done.at(-1)).toEqual(["sent", new RangeError("no")]);
    },
  );
});

describe("a message that arrives", () => {
  it("is seen and handled as without us", () => {
    expect(transport.onmessage?.("m")).toEqual(["handled", "m", undefined]);
    expect(done).toEqual([["received", "m"]]);
  });

  it("puts the agent to work that it is for, and is over when it was handled, well or not", () => {
    arrival = { worker: new AgentAtWork("planner"), onHandled: noted("over") };
    expect(transport.onmessage?.("m")).toEqual(["handled", "m", "planner"]);
    expect(() => transport.onmessage?.("broken")).toThrow("no");
    expect(done.map(([name]) => name)).toEqual(["received", "over", "received", "over"]);
    arrival = {};
    expect(transport.onmessage?.("m")).toEqual(["handled", "m", undefined]);
  });
});

it("a transport that closes has its own methods again", () => {
  expect(transport.onclose?.()).toBe("closed");
  expect(done).toEqual([["connection closed"], ["over"]]);
  expect(transport).toEqual(given);
});

it("a transport that can't be watched stays as it was", () => {
  const half: Transport = { send: given.send as never };
  Object.defineProperty(half, "onmessage", { value: given.onmessage, writable: false });
  const watch = { safely: (look: () => unknown) => look() };
  expect(() => watchTransport(half, watch as unknown as Watch)).toThrow(TypeError);
  expect(half.send).toBe(given.send);
});

it.each([
  [() => "result", [[undefined]]],
  [() => Promise.reject(new RangeError("no")), [[new RangeError("no")]]],
  [() => Promise.reject(undefined), [["unknown"]]],
])("a call that is watched ends once (%#)", async (call, ends) => {
  const ended: unknown[][] = [];
  await Promise.resolve(watchCall(call, (error) => ended.push([error]), "handled")).catch(() => {});
  await new Promise((turn) => setImmediate(turn));
  expect(ended).toEqual(ends);
});

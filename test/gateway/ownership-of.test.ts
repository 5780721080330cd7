import { describe, expect, it } from "vitest";
import { readGatewayFile } from "../../src/config/gateway/read-gateway-file.ts";
import { ownershipOf } from "../../src/gateway/ownership-of.ts";
import { GatewayHarness } from "./harness.ts";

function ownership(members: string, host = "gateway-1") {
  return ownershipOf(readGatewayFile("gateway.yaml", `members: ${members}`).settings, host);
}

describe("members", () => {
  it("one alone owns everything", () => {
    expect(ownership("{ count: 1 }")).toBeUndefined();
  });

  it("take their number from the host when the file says so", () => {
    const ids = Array.from({ length: 50 }, (_, index) => `series ${index}`);
    const owned = (members: string, host?: string) => ids.filter((id) => ownership(members, host)?.owns(id));
    expect(owned("{ count: 3, number: env }")).toEqual(owned("{ count: 3, number: 1 }"));
    expect(owned("{ count: 3, number: 0 }").length).toBeGreaterThan(5);
  });

  it.each([
    ["{ count: 3, number: 3 }", "gateway-1", /members\.number/],
    ["{ count: 3, number: env }", "laptop", /members\.number is env, and the host is named laptop/],
    ["{ count: 2, number: 0, replicas: 3 }", "gateway-1", /members\.replicas/],
  ])("%s on the host %s is refused", (members, host, message) => {
    expect(() => ownership(members, host)).toThrow(message);
  });
});

it("each of two members forecasts its series, and the two together all of them", async () => {
  const shown: string[][] = [];
  for (const number of [0, 1]) {
    const harness = new GatewayHarness(
      `method: naive\nhorizons: [1m]\nmembers: { count: 2, number: ${number} }`,
    );
    await harness.ticks(20, (tick) => {
      for (let queue = 0; queue < 20; queue += 1)
        harness.send({ header: { name: "depth" }, attributes: { queue: String(queue) } }, tick);
    });
    shown.push((await harness.shown("depth_predicted")).map(({ labels }) => String(labels.queue)));
    expect(await harness.shown("forecast_gateway_dropped_total")).toMatchObject([
      { labels: { reason: "not_owned" } },
    ]);
  }
  expect(shown.every((queues) => queues.length > 0)).toBe(true);
  expect(shown.flat().sort()).toEqual(Array.from({ length: 20 }, (_, queue) => String(queue)).sort());
});

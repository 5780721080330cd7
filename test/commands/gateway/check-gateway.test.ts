import { describe, expect, it } from "vitest";
import { checkOf } from "../../../src/commands/check.ts";

const BESIDE = "sources: [{ prometheus: 'http://127.0.0.1:9090', queries: { depth: sum(depth) } }]\n";

function check(content: string): Promise<{ readonly isRight: boolean; readonly lines: readonly string[] }> {
  return checkOf("gateway.yaml", false, {
    environment: {},
    readFile: () => content,
    warn: (message) => expect.unreachable(message),
  });
}

describe("the file of a gateway", () => {
  it("is checked as that of a gateway, because of its keys", async () => {
    expect(await check(BESIDE)).toEqual({
      isRight: true,
      lines: [
        "gateway.yaml: 0 views, 0 thresholds, 0 alerts, 0 actions",
        "  pulls 1 query from http://127.0.0.1:9090/",
        "  shows forecasts on 127.0.0.1:9464",
      ],
    });
  });

  it("has a remark for each port that other machines can reach without a login", async () => {
    const { isRight, lines } = await check(`${BESIDE}outputs: { prometheus: { address: '0.0.0.0:9464' } }\n`);
    expect(isRight).toBe(true);
    expect(lines.at(-1)).toMatch(/^remark: .*can be reached by other machines without a login/);
  });

  it("is wrong with each error, its line and its key", async () => {
    const { isRight, lines } = await check(`${BESIDE}members: { count: none }\n`);
    expect(isRight).toBe(false);
    expect(lines).toEqual([expect.stringMatching(/^gateway\.yaml:2: "members\.count"/)]);
  });
});

it("the file of a process is checked as that of a process", async () => {
  expect(await check("horizons: [1m]\n")).toMatchObject({
    isRight: true,
    lines: [expect.stringMatching(/maintenance/)],
  });
});

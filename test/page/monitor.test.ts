import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import { freePorts } from "../e2e/harness/free-ports.ts";
import { eventually } from "../eventually.ts";

const monitors: PerformanceMonitor[] = [];

afterEach(async () => {
  for (const monitor of monitors.splice(0)) await monitor.shutdown();
});

/** The address of a monitor that has started. */
async function started(page?: boolean): Promise<string> {
  const monitor = new PerformanceMonitor({ port: 0, ...(page === undefined ? {} : { page }) });
  monitors.push(monitor);
  await monitor.start();
  return `${monitor.url}/`;
}

describe("the endpoint of a monitor", () => {
  it("has a page", async () => {
    const response = await fetch(await started(), { headers: { accept: "text/html" } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("There are no forecasts yet.");
  });

  it("has none if it is switched off", async () => {
    const url = await started(false);
    const paths = ["", "live", "page/page.js"];
    const answers = await Promise.all(paths.map(async (path) => (await fetch(url + path)).status));
    expect(answers).toEqual([404, 404, 404]);
    expect((await fetch(`${url}api/forecasts`)).status).toBe(200);
  });

  it("answers only to a host of this machine", async () => {
    const url = await started();
    const statusFor = (path: string, host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(url + path, { headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once("error", reject)
          .end();
      });
    for (const path of ["", "live", "metrics", "api/alerts"])
      expect(await statusFor(path, "rebound.example")).toBe(403);
    for (const host of ["localhost:9464", "127.0.0.1", "[::1]:1"])
      expect(await statusFor("", host)).toBe(200);
  });

  it("ends its streams when it shuts down", async () => {
    const url = await started();
    const response = await fetch(`${url}live`);
    const reading = response.text();
    await monitors[0]?.shutdown();
    expect(await reading).toContain("retry: 3000");
  });

  it("shows the series of all monitors of the process that share its port, each once", async () => {
    const [port] = (await freePorts(1)) as [number];
    for (const agentName of ["planner", "coder"]) {
      const monitor = new PerformanceMonitor({ port, collectionIntervalMillis: 50 });
      monitors.push(monitor);
      await monitor.start();
      monitor.recordTaskResult({
        ...{ taskId: "1", agentName, taskType: "t", success: true, executionTime: 1 },
      });
    }
    const url = `http://localhost:${port}`;
    const listed = async (query = ""): Promise<{ series: number; forecasts: { id: string }[] }> => {
      const response = await fetch(`${url}/api/forecasts?limit=1000${query}`);
      return (await response.json()) as Awaited<ReturnType<typeof listed>>;
    };
    await eventually(async () => {
      for (const agent of ["planner", "coder"])
        expect((await listed(`&match={agent="${agent}"}`)).forecasts).not.toEqual([]);
      const { series, forecasts } = await listed();
      expect(new Set(forecasts.map(({ id }) => id)).size).toBe(series);
      const ofCoder = (await listed(`&match={agent="coder"}`)).forecasts[0]?.id ?? "";
      expect((await fetch(`${url}/api/series/${encodeURIComponent(ofCoder)}`)).status).toBe(200);
      const page = await (await fetch(`${url}/`, { headers: { accept: "text/html" } })).text();
      expect(page).toMatch(/planner.*coder|coder.*planner/s);
    });
  });
});

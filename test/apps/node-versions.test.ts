import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledApp } from "./harness/installed-app.ts";
import { type Life, live } from "./harness/life.ts";
import { CURRENT, NEWEST, nodeOf } from "./harness/node-versions.ts";
import { packed } from "./harness/package-under-test.ts";

/**
 * The oldest supported version, the last versions in which a load hook breaks imported CommonJS,
 * the version in which that was found, the version of our runtime package, and the newest one.
 */
const VERSIONS = ["22.15.0", "22.22.2", "24.0.0", "24.11.0", CURRENT, NEWEST];

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("web");
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

describe.each(VERSIONS)("on Node %s", (version) => {
  it.each(["app.mjs", "app.cjs"])(
    "%s with Express, Fastify, NestJS, MCP and a graph of LangGraph runs as without us, and the graph is seen",
    async (file) => {
      const how = { node: nodeOf(version), app: [file] };
      const bare = await live(installed.folder, { ...how, withUs: false });
      const withUs = await live(installed.folder, {
        ...how,
        withUs: true,
        isTold: (samples) => samples.some(isRun),
      });
      expect(bare.stdout).toBe("200,200,404 1 Client\nDONE\n");
      expect(output(withUs)).toEqual(output(bare));
    },
  );

  it("an HTTP/2 server runs as without us, and its requests are measured", async () => {
    const how = { node: nodeOf(version), app: ["http2.mjs"] };
    const bare = await live(installed.folder, { ...how, withUs: false });
    const answers = new Map<string | undefined, number>();
    const withUs = await live(installed.folder, {
      ...how,
      withUs: true,
      isTold: (samples) => {
        for (const { name, labels, value } of samples)
          if (
            name === "http_server_request_duration_seconds_count" &&
            labels.network_protocol_version === "2"
          )
            answers.set(labels.http_response_status_code, value);
        return answers.size === 2;
      },
    });
    expect(bare.stdout).toBe("200\nDONE\n");
    expect(output(withUs)).toEqual(output(bare));
    expect(Object.fromEntries(answers)).toEqual({ "200": 1, "499": 1 });
  });
});

function isRun({
  name,
  labels,
  value,
}: {
  name: string;
  labels: Record<string, string>;
  value: number;
}): boolean {
  return name === "ai_cloud_completed_tasks_total" && labels.agent === "planner" && value === 1;
}

function output({ exit, stdout }: Life): Pick<Life, "exit" | "stdout"> {
  return { exit, stdout };
}

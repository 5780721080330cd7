import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shownValue } from "../e2e/harness/exposition.ts";
import { waitFor } from "../e2e/harness/wait-for.ts";
import { InstalledApp } from "./harness/installed-app.ts";
import {
  openShell,
  orderOfEach,
  otherLines,
  ourLines,
  type Shell,
  saidBy,
  shownOrders,
  type,
  typeToEnd,
  WITH_US,
} from "./harness/launch.ts";
import { packed } from "./harness/package-under-test.ts";

/** How PM2 starts the app. */
interface Way {
  readonly processes: number;
  readonly typed: string;
  /** Whether the variables of the app, and the plugin, are only in a file. */
  readonly isInFile?: boolean;
}

const FILE = "shop.config.json";

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("launchers");
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

/** One run of PM2's daemon. */
async function life({ processes, typed, isInFile = false }: Way, withUs: boolean) {
  const home = mkdtempSync(join(tmpdir(), "pm2-"));
  const shell = await openShell(installed.folder);
  const outer = isInFile ? { ...shell, env: { PATH: shell.env.PATH as string } } : shell;
  const env = { PM2_HOME: home, ...(withUs && !isInFile ? WITH_US : {}) };
  if (isInFile) writeFileSync(join(home, FILE), JSON.stringify({ apps: [inFile(shell)] }));
  const typing = async (what: string) => (await typeToEnd(outer, what, env)).replaceAll(home, "HOME");
  try {
    const started = await typing(typed);
    const orders = await orderOfEach(shell, processes);
    const seen = async () => shownOrders(shell, orders);
    const samples = withUs ? await waitFor(`${orders} orders on the endpoint`, seen) : [];
    return { written: [started, await typing("pm2 delete shop")], samples, shell, ...logsIn(home) };
  } finally {
    await typing("pm2 kill");
    rmSync(home, { recursive: true, force: true });
  }
}

function inFile({ env }: Shell): Record<string, unknown> {
  const { PATH: _, ...ofApp } = env;
  const { folder: cwd } = installed;
  const plugin = { node_args: WITH_US.NODE_OPTIONS };
  return {
    name: "shop",
    script: "agent.cjs",
    cwd,
    exec_mode: "cluster",
    instances: 2,
    env: ofApp,
    ...plugin,
  };
}

/**
 * The logs that PM2 has kept of the app and of its daemon. What a worker of a cluster writes before
 * PM2 has opened the app's logs is in the daemon's log.
 */
function logsIn(home: string): { app: string; daemon: string } {
  const logs = readdirSync(join(home, "logs")).sort();
  const app = logs.map((file) => readFileSync(join(home, "logs", file), "utf8")).join("");
  return { app, daemon: readFileSync(join(home, "pm2.log"), "utf8") };
}

/** Without the line about the machine, which PM2 writes only if it has measured it already. */
function linesOfPm2(output: string): string[] {
  return otherLines(output).filter((line) => !line.startsWith("host metrics"));
}

describe.concurrent("PM2", () => {
  it.each([
    ["fork", { processes: 1, typed: "pm2 start agent.cjs --name shop" }],
    ["cluster", { processes: 2, typed: "pm2 start agent.cjs --name shop -i 2" }],
  ])(
    "in %s mode does what it does without us, and one endpoint shows all that the app counts",
    async (_, way) => {
      const bare = await life(way, false);
      const { samples, shell, ...withUs } = await life(way, true);
      expect(withUs.written.map(linesOfPm2)).toEqual(bare.written.map(linesOfPm2));
      expect(otherLines(withUs.app)).toEqual(otherLines(bare.app));
      // A worker that starts quickly writes its line before PM2 has opened the app's logs.
      expect([withUs.app, withUs.daemon].flatMap(ourLines).sort()).toEqual(saidBy(way.processes, shell));
      expect(withUs.written.flatMap(ourLines)).toEqual([]);
      const target = samples.find(({ name }) => name === "target_info");
      expect(target?.labels.service_name).toBe("unknown_service:node");
      expect(shownValue(samples, "ai_cloud_memory_usage_percent")).toBeGreaterThan(0);
    },
  );

  it("passes on the variables of the app's file", async () => {
    const { app, daemon, shell } = await life(
      { processes: 2, typed: `pm2 start "$PM2_HOME/${FILE}"`, isInFile: true },
      true,
    );
    expect(ourLines(app + daemon).sort()).toEqual(saidBy(2, shell));
  });

  it.each([
    [1, "pm2-runtime start agent.cjs"],
    [2, "pm2-runtime start agent.cjs -i 2"],
  ])("shows what %s processes count on one endpoint: %s", async (processes, typed) => {
    const home = mkdtempSync(join(tmpdir(), "pm2-"));
    const shell = await openShell(installed.folder);
    const child = type(shell, typed, { ...WITH_US, PM2_HOME: home });
    try {
      const orders = await orderOfEach(shell, processes);
      await child.waitFor(`${orders} orders on the endpoint`, () => shownOrders(shell, orders));
      expect(ourLines(child.output).sort()).toEqual(saidBy(processes, shell));
    } finally {
      await child.stop();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

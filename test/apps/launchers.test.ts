import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { InstalledApp } from "./harness/installed-app.ts";
import {
  endApp,
  openShell,
  order,
  otherLines,
  ourLines,
  saidBy,
  shownOrders,
  type,
  typeToEnd,
  WITH_US,
} from "./harness/launch.ts";
import { packed } from "./harness/package-under-test.ts";

interface Launcher {
  readonly typed: string;
  /** A folder in the folder of the app. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Its last line, if it goes on running after the app has ended. */
  readonly last?: string;
  /** The command after it has ended. */
  readonly after?: string;
}

const nx = "nx run launchers:agent";

/**
 * Commands in a shell whose `NODE_OPTIONS` loads the plugin. The commands of one row run in
 * sequence.
 */
const LAUNCHERS: readonly (readonly [string, ...Launcher[]])[] = [
  ["node", { typed: "node agent.cjs" }],
  ["npm", { typed: "npm run agent" }],
  ["tsx", { typed: "tsx agent.ts" }],
  ["tsx watch", { typed: "tsx watch agent.ts", last: "shop open" }],
  ["ts-node", { typed: "ts-node agent.ts" }],
  ["ts-node-dev", { typed: "ts-node-dev agent.ts" }],
  ["tsc-watch", { typed: "tsc-watch --noClear --onSuccess 'node compiled/agent.js'", last: "shop open" }],
  ["nodemon", { typed: "nodemon --watch agent.cjs agent.cjs", last: "clean exit" }],
  ["cross-env", { typed: "cross-env SHOP=open node agent.cjs" }],
  ["dotenv", { typed: "dotenv -- node agent.cjs" }],
  ["concurrently", { typed: "concurrently npm:agent" }],
  ["nest", { typed: "nest start", folder: "nest" }],
  ["turbo", { typed: "turbo run agent" }],
  [
    "nx",
    { typed: nx, env: { NX_DAEMON: "false" } },
    { typed: nx, env: { NX_DAEMON: "true" }, after: "nx daemon --stop" },
  ],
];

const ORDERS = 7;

let installed: InstalledApp;
beforeAll(() => {
  installed = new InstalledApp("launchers");
  expect(installed.add(packed()).status).toBe(0);
});
afterAll(() => installed?.remove());

/** Runs the app from its start to its end. Returns its output. */
async function run({ typed, folder = ".", env, last, after }: Launcher, withUs: boolean) {
  const shell = await openShell(installed.folder, join(installed.folder, folder));
  const child = type(shell, typed, { ...env, ...(withUs ? WITH_US : {}) });
  try {
    await child.waitFor("an order", () => order(shell));
    for (let more = 1; more < ORDERS; more += 1) await order(shell);
    if (withUs) await child.waitFor("all orders", () => shownOrders(shell, ORDERS));
    await endApp(shell);
    const exit = last === undefined ? await child.ends() : await child.says(last);
    return { exit, output: child.output, shell };
  } finally {
    await child.stop();
    if (after !== undefined) await typeToEnd(shell, after, env);
  }
}

describe.concurrent("an app has the endpoint, and its launcher works as without us", () => {
  it.each(LAUNCHERS.map(([name, ...launchers]) => ({ name, launchers })))("$name", async ({ launchers }) => {
    for (const launcher of launchers) {
      const bare = await run(launcher, false);
      const withUs = await run(launcher, true);
      expect(withUs.exit).toEqual(bare.exit);
      expect(otherLines(withUs.output)).toEqual(otherLines(bare.output));
      expect(ourLines(withUs.output)).toEqual(saidBy(1, withUs.shell));
    }
  });
});

import { InstalledApp } from "../../test/apps/harness/installed-app.ts";
import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

/** Not observed, observed by us, and by an observer that records nothing. */
const all = (framework, more = {}) => ({
  "not observed": { framework, seen: "not", ...more },
  "observed by us": { framework, seen: "ours", ...more },
  "by an observer that records nothing": { framework, seen: "least", ...more },
});

/** @type {Record<string, Record<string, { framework: string, seen: string, runs?: number, app?: string }>>} */
const work = {
  "A run of an agent with the AI SDK, one call of a tool": {
    ...all("ai-sdk"),
    "with @ai-sdk/otel, spans that go nowhere": { framework: "ai-sdk", seen: "spans" },
  },
  "A run of an agent with LangGraph, one call of a tool": all("langgraph"),
  "A run of an agent with the OpenAI Agents SDK, one call of a tool": all("openai-agents"),
  "A run of an agent with Mastra, one call of a tool": all("mastra", { app: "mastra", runs: 100 }),
  "A run of an agent with pi-agent-core, one call of a tool": all("pi-agent-core", { app: "pi-agent-core" }),
  "A query of the Claude Agent SDK, one call of a tool, without the process of Claude Code": all(
    "claude-agent-sdk",
    { app: "claude-agent-sdk", runs: 10 },
  ),
  "A model call with openai": all("openai", { runs: 2000 }),
  "A model call with @anthropic-ai/sdk": all("anthropic", { runs: 2000 }),
  "A model call with @google/genai": all("google-genai", { runs: 2000 }),
  "A call of a tool over MCP, client and server in one process": all("mcp", { runs: 5000 }),
};

/** What we do ourselves, by the key of the event. */
const events = {
  "a run, its begin and its end": "run",
  "a model call of a run, with its tokens": "model",
  "a call of a tool in a run": "tool",
  "a model call by a provider's SDK": "provider",
  "a task of MCP, at one end": "task",
};

/** The cost of what we do for an event, without the framework that reports it. */
async function printEvents({ isQuick }) {
  const count = isQuick ? 10_000 : 50_000;
  const measured = await contest(
    Object.fromEntries(
      Object.entries(events).map(([name, event]) => [
        name,
        { module: "agent-events", setup: { event, count } },
      ]),
    ),
    isQuick ? 5 : 9,
  );
  printTable(
    "What we do for an event, in a process that has run for a while: CPU time",
    ["", "us"],
    Object.entries(measured).map(([name, { micros }]) => [name, micros]),
  );
}

/**
 * The cost of observing an agent of a framework, whose model and tool take no time.
 *
 * @param options.frameworks if given, only these
 */
export async function agents({ isQuick, frameworks }) {
  for (const [what, contenders] of Object.entries(work)) {
    const [{ app, framework }] = Object.values(contenders);
    if (frameworks?.includes(framework) === false) continue;
    const installed = app === undefined ? undefined : new InstalledApp(app);
    const names = Object.keys(contenders);
    const measured = await contest(
      Object.fromEntries(
        names.map((name) => [
          name,
          {
            module: "agents",
            setup: { runs: isQuick ? 200 : 500, ...contenders[name], folder: installed?.folder },
          },
        ]),
      ),
      isQuick ? 5 : 9,
    );
    installed?.remove();
    printTable(
      `${what}: CPU time`,
      ["", "us", "ratio"],
      names.map((name) => [name, measured[name].micros, ratio(measured[name], measured[names[0]], "micros")]),
    );
  }
  await printEvents({ isQuick });
}

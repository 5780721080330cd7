import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const work = {
  "A run of an agent with the AI SDK, one call of a tool": {
    "not observed": { framework: "ai-sdk", seen: "not" },
    "observed by us": { framework: "ai-sdk", seen: "ours" },
    "with @ai-sdk/otel, spans that go nowhere": { framework: "ai-sdk", seen: "spans" },
  },
  "A run of an agent with LangGraph, one call of a tool": {
    "not observed": { framework: "langgraph", seen: "not" },
    "observed by us": { framework: "langgraph", seen: "ours" },
    "with one callback that does nothing": { framework: "langgraph", seen: "callback" },
  },
  "A run of an agent with the OpenAI Agents SDK, one call of a tool": {
    "not observed": { framework: "openai-agents", seen: "not" },
    "observed by us": { framework: "openai-agents", seen: "ours" },
  },
  "A call of a tool over MCP, client and server in one process": {
    "not observed": { framework: "mcp", seen: "not", runs: 5000 },
    "observed by us, at both ends": { framework: "mcp", seen: "ours", runs: 5000 },
  },
};

/** The cost of observing an agent of a framework, whose model and tool take no time. */
export async function agents({ isQuick }) {
  for (const [what, contenders] of Object.entries(work)) {
    const names = Object.keys(contenders);
    const measured = await contest(
      Object.fromEntries(
        names.map((name) => [
          name,
          { module: "agents", setup: { runs: isQuick ? 200 : 500, ...contenders[name] } },
        ]),
      ),
      isQuick ? 5 : 9,
    );
    printTable(
      `${what}: CPU time`,
      ["", "us", "ratio"],
      names.map((name) => [name, measured[name].micros, ratio(measured[name], measured[names[0]], "micros")]),
    );
  }
}

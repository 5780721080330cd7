import { contest, ratio } from "../harness/contest.mjs";
import { printTable } from "../harness/table.mjs";

const frameworks = {
  "the AI SDK": {
    "not observed": { framework: "ai-sdk", seen: "not" },
    "observed by us": { framework: "ai-sdk", seen: "ours" },
    "with @ai-sdk/otel, spans that go nowhere": { framework: "ai-sdk", seen: "spans" },
  },
  LangGraph: {
    "not observed": { framework: "langgraph", seen: "not" },
    "observed by us": { framework: "langgraph", seen: "ours" },
    "with one callback that does nothing": { framework: "langgraph", seen: "callback" },
  },
  "the OpenAI Agents SDK": {
    "not observed": { framework: "openai-agents", seen: "not" },
    "observed by us": { framework: "openai-agents", seen: "ours" },
  },
};

/** What it costs an agent of a framework to be observed, where model and tool take no time. */
export async function agents({ isQuick }) {
  for (const [framework, contenders] of Object.entries(frameworks)) {
    const names = Object.keys(contenders);
    const measured = await contest(
      Object.fromEntries(
        names.map((name) => [
          name,
          { module: "agents", setup: { ...contenders[name], runs: isQuick ? 200 : 500 } },
        ]),
      ),
      isQuick ? 5 : 9,
    );
    printTable(
      `A run of an agent with ${framework}, one call of a tool: CPU time`,
      ["", "us", "ratio"],
      names.map((name) => [name, measured[name].micros, ratio(measured[name], measured[names[0]], "micros")]),
    );
  }
}

// Runs of an agent of pi-agent-core, whose model does as a script says. The agent has no name: the runs
// are those of the process.
import { Agent } from "@mariozechner/pi-agent-core";
import { fauxAssistantMessage, fauxToolCall, registerFauxProvider, Type } from "@mariozechner/pi-ai";
import { seen } from "./shared/work.mjs";

const faux = registerFauxProvider({ models: [{ id: "small" }] });
const asks = (name = "weather", city = "Berlin") =>
  fauxAssistantMessage(fauxToolCall(name, { city }), { stopReason: "toolUse" });
const answers = fauxAssistantMessage("sunny");

/** A tool that fails so many times before it works. */
function weatherOf(failures) {
  let left = failures;
  return {
    name: "weather",
    label: "weather",
    description: "The weather of a city.",
    parameters: Type.Object({ city: Type.String() }),
    execute: async () => {
      left -= 1;
      if (left >= 0) throw new RangeError("not now");
      return { content: [{ type: "text", text: "sunny" }], details: {} };
    },
  };
}

async function run(name, responses, { failures = 0, onEvent = () => {} } = {}) {
  faux.setResponses(responses);
  const agent = new Agent({ initialState: { model: faux.getModel(), tools: [weatherOf(failures)] } });
  agent.subscribe((event) => onEvent(event, agent));
  const types = new Set();
  agent.subscribe(({ type }) => void types.add(type));
  await agent.prompt("Weather?");
  console.log(name, agent.state.messages.length, agent.state.messages.at(-1).stopReason, [...types].join());
}

await run("sound", [asks(), answers]);
await run("survivor", [asks(), asks(), answers], { failures: 1 });
await run("inventor", [asks("made_up"), answers]);
await run("loop", [asks(), asks(), asks(), asks(), answers]);
await run("unanswered", [fauxAssistantMessage("", { stopReason: "error", errorMessage: "no model" })]);
await run("aborted", [asks(), answers], {
  onEvent: ({ type }, agent) => {
    if (type === "tool_execution_start") agent.abort();
  },
});
await seen();

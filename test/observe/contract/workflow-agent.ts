import { WorkflowAgentObserver } from "../../../src/observe/ai-sdk/workflow-agent.ts";
import { runWorkflowAgent } from "../ai-sdk/fake-workflow-agent.ts";
import type { Framework } from "./script.ts";

/**
 * A stand-in for the framework: the tests of apps have the real one, which needs a runtime of workflows and
 * another version of the AI SDK.
 */
export const workflowAgent: Framework = {
  title: "WorkflowAgent of the AI SDK",
  observe(bench) {
    const observer = new WorkflowAgentObserver(bench.work);
    observer.start();
    return observer;
  },
  run: runWorkflowAgent,
  meetUnknownVersion: () => {},
  cannot: {
    abort: "it reports no end of a run that was aborted",
    stream: "each run is a stream",
    "unknown version": "it reports no version, and an event that is not known is no run",
    "loaded twice": "all copies report to one registry",
  },
};

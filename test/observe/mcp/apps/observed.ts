// Loaded with --import before an app: writes to the standard error what is seen of MCP in it.

import { SkipLog } from "../../../../src/logging/skip-log.ts";
import { McpObserver } from "../../../../src/observe/mcp/mcp-observer.ts";

function say(...words: string[]): void {
  process.stderr.write(`${words.join(" ")}\n`);
}

new McpObserver({
  work: {
    beginTask: (agent, kind) => (outcome) => say("task:", String(agent), kind, outcome),
    isToolOpen: () => false,
    logOnce: (what) => say("said:", what),
  },
  metrics: {
    mcpOperation: (side, _seconds, { method, transport }) =>
      say("operation:", side, method, String(transport)),
    mcpSession: (side) => say("session:", side),
  },
  skips: new SkipLog(),
  elapsedMillis: () => performance.now(),
}).start();

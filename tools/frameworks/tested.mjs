import { readFileSync } from "node:fs";

/**
 * The packages of the frameworks that are observed, by the manifest that pins the tested version. Of an older
 * major version such as `ai@5`, the manifest has an alias such as `ai-5`.
 */
const PACKAGES = {
  "package.json": [
    "ai",
    "openai",
    "@anthropic-ai/sdk",
    "@google/genai",
    "@openai/agents",
    "@openai/agents-realtime",
    "@langchain/core",
    "@langchain/langgraph",
    "@modelcontextprotocol/sdk",
    "@modelcontextprotocol/client",
    "@modelcontextprotocol/server",
    "@agentclientprotocol/sdk",
    "@a2a-js/sdk",
  ],
  "test/apps/ai-sdk-spans/package.json": ["ai@6", "ai@5"],
  "test/apps/ai-workflow/package.json": ["@ai-sdk/workflow"],
  "test/apps/claude-agent-sdk/package.json": ["@anthropic-ai/claude-agent-sdk"],
  "test/apps/pi-agent-core/package.json": ["@mariozechner/pi-agent-core"],
  "test/apps/mastra/package.json": ["@mastra/core", "@mastra/observability"],
  "test/apps/strands/package.json": ["@strands-agents/sdk"],
  "test/apps/google-adk/package.json": ["@google/adk"],
  "test/apps/genkit/package.json": ["genkit"],
};

/** The tested version of each package, as `[name, version]`. */
export function testedVersions() {
  return Object.entries(PACKAGES).flatMap(([manifest, names]) => {
    const file = new URL(`../../${manifest}`, import.meta.url);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
    const versions = { ...dependencies, ...devDependencies };
    return names.map((name) => [name, versions[name] ?? ofAlias(versions, name)]);
  });
}

/** The version of `npm:ai@5.0.277`. */
function ofAlias(versions, name) {
  return versions[name.replace("@", "-")]?.split("@").at(-1);
}

import type { Command } from "commander";
import { DEFAULT_URL, ReadApi } from "../read-api.ts";

/** Adds the command `mcp`. */
export function defineMcp(program: Command): void {
  program
    .command("mcp")
    .argument("[url]", "address of a process or a gateway", DEFAULT_URL)
    .description("let AI assistants ask for forecasts: a Model Context Protocol server on standard streams")
    .addHelpText("after", EXAMPLES)
    .action(async (url: string) => {
      const api = new ReadApi(url);
      // Its libraries are loaded by this command alone.
      const { serveOnStandardStreams } = await import("./mcp-server.ts");
      if (process.stdin.isTTY) console.error(ON_A_TERMINAL);
      serveOnStandardStreams(api, program.version() ?? "");
    });
}

const ON_A_TERMINAL =
  "otel-forecast: waiting for an assistant on standard input; docs/assistants.md has what to configure";

const EXAMPLES = `
An assistant starts this command itself. For example:
  claude mcp add otel-forecast -- npx -y otel-forecast mcp http://localhost:9464`;

import { expect, it } from "vitest";
import { nearAssistantOf } from "../commands/mcp/assistant.ts";
import { blocks, pageAt, rows, sectionOf } from "./pages.ts";

const page = pageAt("docs/assistants.md");

it("every configuration of the page starts the command", () => {
  const configurations = blocks(page, "json").map((block) => JSON.parse(block));
  expect(configurations.map((it) => Object.keys(it))).toEqual([
    ["mcpServers"],
    ["mcpServers"],
    ["mcpServers"],
    ["servers"],
  ]);
  for (const { mcpServers, servers } of configurations)
    expect(mcpServers ?? servers).toMatchObject({
      "otel-forecast": { command: "npx", args: ["-y", "otel-forecast", "mcp", "http://localhost:9464"] },
    });
});

it("the page lists the tools with their inputs", async () => {
  const { client } = await nearAssistantOf("http://localhost:9464");
  const { tools } = await client.listTools();
  const listed = rows(sectionOf(page, "Tools")).flatMap(([name = "", input = ""]) =>
    name.startsWith("`")
      ? [[name.replaceAll("`", ""), [...input.matchAll(/`(\w+)`/g)].map(([, field]) => field).toSorted()]]
      : [],
  );
  expect(listed).toEqual(
    tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties ?? {}).toSorted()]),
  );
});

/** What Bun and Deno keep us from observing. They are like Node except for this. */
export function notObservedUnder({ bun, deno }: Readonly<Record<string, string | undefined>>): string {
  const [name, requests] =
    bun === undefined ? [`Deno ${deno}`, "requests to Deno.serve"] : [`Bun ${bun}`, "HTTP requests"];
  return `under ${name}, LangGraph, Mastra, MCP and the SDKs of providers are observed only by observeClass(); ${requests} and garbage collections are not measured`;
}

/** How a connection travels, in the words of the convention, by the name of its transport; of others nothing is known. */
export function networkTransportOf(transport: object): "pipe" | "tcp" | undefined {
  const name = nameOf(transport);
  if (/stdio/i.test(name)) return "pipe";
  return /http|sse|websocket/i.test(name) ? "tcp" : undefined;
}

/** Streamable HTTP without a session carries one request, or those of anybody. */
export function hasSession(transport: object): boolean {
  const { sessionId } = transport as { sessionId?: unknown };
  return typeof sessionId === "string" || !/http/i.test(nameOf(transport));
}

function nameOf(transport: object): string {
  const { name } = (transport as { constructor?: { name?: unknown } }).constructor ?? {};
  return typeof name === "string" ? name : "";
}

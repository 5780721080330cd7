/** An address without user and password, for output. */
export function shownAddress(address: string): string {
  if (!/^https?:\/\//i.test(address)) return address;
  // In an address that is wrong, a password may end at any of its @.
  return address.replace(URL.canParse(address) ? /\/\/[^/?#]*@/g : /\/\/.*@/s, "//");
}

/** Whether a text is the address of an HTTP server. */
export function isHttpAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** An address without user and password, and the header that sends both as basic authentication. */
export function withoutCredentials(given: URL): { url: URL; headers: Record<string, string> } {
  if (given.username === "" && given.password === "") return { url: given, headers: {} };
  const user = `${decoded(given.username)}:${decoded(given.password)}`;
  const url = new URL(given);
  url.username = "";
  url.password = "";
  return { url, headers: { authorization: `Basic ${Buffer.from(user).toString("base64")}` } };
}

/** A `%` that begins no escape is itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const PAIR = /(?:"((?:[^"\\]|\\.)*)"|([^,="]+))="((?:[^"\\]|\\.)*)"/gs;
const ESCAPED = /\\(.)/gs;

/** The labels of a label text such as `agent="a","task.type"="b"`, without quotes and escapes. */
export function labelsIn(text: string): [name: string, value: string][] {
  return Array.from(text.matchAll(PAIR), ([, quoted, plain, value]) => [
    quoted === undefined ? (plain as string) : unescaped(quoted),
    unescaped(value as string),
  ]);
}

function unescaped(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(ESCAPED, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

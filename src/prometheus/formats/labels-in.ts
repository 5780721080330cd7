const PAIR = /([^,="]+)="((?:[^"\\]|\\.)*)"/gs;
const ESCAPED = /\\(.)/gs;

/** The labels of a label text such as `agent="a",task_type="b"`, without escapes. */
export function labelsIn(text: string): [name: string, value: string][] {
  return Array.from(text.matchAll(PAIR), ([, name, value]) => [name as string, unescaped(value as string)]);
}

function unescaped(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(ESCAPED, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

/**
 * A strict parser of Prometheus's text format 0.0.4, and of 1.0.0 for names in UTF-8. It throws for
 * everything that Prometheus refuses.
 */
export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: ParsedSample[];
}

const metricName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const helpLine = new RegExp(`^# HELP (${metricName}) (.*)$`, "s");
const typeLine = new RegExp(`^# TYPE (${metricName}) (counter|gauge|histogram)$`);
const sampleLine = new RegExp(`^(${metricName})(?:\\{(.*)\\})? (\\S+)$`, "s");
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const quotedName = '"(?:[^"\\\\\\n]|\\\\[\\\\"n])+"';
const utf8Name = `(?:${metricName}|${quotedName})`;
const utf8HelpLine = new RegExp(`^# HELP (${utf8Name}) (.*)$`, "s");
const utf8TypeLine = new RegExp(`^# TYPE (${utf8Name}) (counter|gauge|histogram)$`);
const quotedSample = new RegExp(`^\\{(${utf8Name})(?:,(.*))?\\} (\\S+)$`, "s");
const utf8Label = new RegExp(`^([a-zA-Z_]\\w*|${quotedName})="((?:[^"\\\\\\n]|\\\\[\\\\"n])*)"(?:,|$)`);
const number = /^(NaN|[+-]Inf|-?\d+(\.\d+)?(e[+-]\d+)?)$/;

/**
 * Every family by its name. Throws if a name occurs twice or has two types, or if two samples are
 * the same series.
 */
export function parseTextFormat(text: string, { utf8 = false } = {}): Map<string, ParsedFamily> {
  const families = new Map<string, ParsedFamily>();
  if (text !== "" && !text.endsWith("\n")) throw new Error("the last line does not end");
  const lines = text.split("\n").slice(0, -1);
  const series = new Set<string>();
  let help: RegExpExecArray | null = null;
  let family: ParsedFamily | undefined;
  for (const line of lines) {
    if (line.startsWith("# HELP")) {
      help = mustMatch(utf8 ? utf8HelpLine : helpLine, line);
      continue;
    }
    if (line.startsWith("# TYPE")) {
      const [, shown = "", type = ""] = mustMatch(utf8 ? utf8TypeLine : typeLine, line);
      const name = unquoted(shown);
      if (help?.[1] !== shown) throw new Error(`TYPE without HELP before it: ${line}`);
      if (families.has(name)) throw new Error(`a second TYPE: ${line}`);
      family = { name, type, help: unescaped(help[2] as string), samples: [] };
      families.set(name, family);
      continue;
    }
    const sample = utf8 ? parseUtf8Sample(line) : parseSample(line);
    if (family === undefined || !namesOf(family).includes(sample.name))
      throw new Error(`a sample outside of its family: ${line}`);
    const id = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (series.has(id)) throw new Error(`the same series twice: ${line}`);
    series.add(id);
    family.samples.push(sample);
  }
  for (const checked of families.values()) if (checked.type === "histogram") checkHistogram(checked);
  return families;
}

function namesOf({ name, type }: ParsedFamily): string[] {
  return type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}

/** A sample whose name stands quoted between the braces, or in front of them. */
function parseUtf8Sample(line: string): ParsedSample {
  const [, name = "", inBraces, value = ""] = line.startsWith("{")
    ? mustMatch(quotedSample, line)
    : mustMatch(sampleLine, line);
  return parsed(unquoted(name), inBraces, value, line, utf8Label);
}

function unquoted(name: string): string {
  return name.startsWith('"') ? unescaped(name.slice(1, -1)) : name;
}

function parseSample(line: string): ParsedSample {
  const [, name = "", inBraces, value = ""] = mustMatch(sampleLine, line);
  return parsed(name, inBraces, value, line, label);
}

function parsed(
  name: string,
  inBraces: string | undefined,
  value: string,
  line: string,
  pair: RegExp,
): ParsedSample {
  const labels: Record<string, string> = Object.create(null);
  let rest = inBraces ?? "";
  while (rest !== "") {
    const [whole, shown = "", escaped = ""] = mustMatch(pair, rest);
    const key = unquoted(shown);
    if (key in labels) throw new Error(`label ${key} twice: ${line}`);
    if (key.startsWith("__")) throw new Error(`reserved label ${key}: ${line}`);
    labels[key] = unescaped(escaped);
    rest = rest.slice(whole.length);
  }
  mustMatch(number, value);
  return { name, labels, value: Number(value.replace("Inf", "Infinity")) };
}

function checkHistogram({ name, samples }: ParsedFamily): void {
  const groups = Map.groupBy(samples, ({ labels: { le, ...others } }) => JSON.stringify(others));
  for (const group of groups.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels.le?.replace("Inf", "Infinity")));
    const counts = buckets.map(({ value }) => value);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    if (bounds.at(-1) !== Infinity || counts.at(-1) !== count)
      throw new Error(`${name}: +Inf is not the count`);
    if (bounds.some((bound, i) => i > 0 && !(bound > (bounds[i - 1] as number))))
      throw new Error(`${name}: bounds do not rise`);
    if (counts.some((value, i) => i > 0 && !(value >= (counts[i - 1] as number))))
      throw new Error(`${name}: counts fall`);
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

function mustMatch(pattern: RegExp, text: string): RegExpExecArray {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`not ${pattern}: ${JSON.stringify(text)}`);
  return match;
}

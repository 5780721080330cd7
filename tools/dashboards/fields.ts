import type { FieldDefaults, LineStyle, Override, Panel, Step } from "./dashboard.ts";

/** The colours by their names, and those that lines get one after the other. */
const COLORS: Readonly<Record<string, string>> = {
  green: "#56A64B",
  red: "#E02F44",
  orange: "#FF780A",
  yellow: "#E0B400",
  blue: "#3274D9",
  text: "#24292E",
  transparent: "transparent",
};
const PALETTE: readonly string[] = [
  ...["#56A64B", "#E0B400", "#3274D9", "#FF780A", "#E02F44", "#8F3BB8", "#37872D"],
  ...["#B877D9", "#1F60C4", "#C4162A", "#FA6400", "#806EB7", "#447EBC", "#99440A"],
];
/** What Grafana takes where a panel has no thresholds. */
const DEFAULT_STEPS: readonly Step[] = [
  { value: null, color: "green" },
  { value: 80, color: "red" },
];

/** How the values of one field are shown. */
export interface Field extends FieldDefaults {
  readonly custom: LineStyle;
}

/** The defaults of a panel with what is overridden for a field of this name. */
export function fieldOf({ fieldConfig }: Panel, name: string): Field {
  const { defaults = {}, overrides = [] } = fieldConfig ?? {};
  let field: Field = { ...defaults, custom: { ...defaults.custom } };
  for (const override of overrides) {
    if (!isMeant(override, name)) continue;
    for (const { id, value } of override.properties) {
      const own = id.startsWith("custom.") ? id.slice("custom.".length) : undefined;
      field =
        own === undefined
          ? { ...field, [id]: value }
          : { ...field, custom: { ...field.custom, [own]: value } };
    }
  }
  return field;
}

function isMeant({ matcher: { id, options } }: Override, name: string): boolean {
  if (id === "byName") return options === name;
  const [, pattern = ""] = /^\/(.*)\/$/.exec(options) ?? [];
  return new RegExp(pattern).test(name);
}

/** The colour of a line: its own, or that of its place. */
export function lineColor({ color }: Field, place: number): string {
  return color?.fixedColor === undefined
    ? (PALETTE[place % PALETTE.length] as string)
    : colorOf(color.fixedColor);
}

/** The colour of a number: that of its mapping, or that of the highest step that it reaches. */
export function figureColor({ thresholds, mappings = [] }: Field, value: number): string {
  const mapped = mappings.map(({ options }) => options[String(value)]?.color).find((it) => it !== undefined);
  const steps = thresholds?.steps ?? DEFAULT_STEPS;
  const step = steps.findLast((it) => it.value === null || value >= it.value);
  return colorOf(mapped ?? step?.color ?? "text");
}

/** The text that a value is replaced by; `undefined`: none. */
export function mappedText({ mappings = [] }: Field, value: number): string | undefined {
  return mappings.map(({ options }) => options[String(value)]?.text).find((text) => text !== undefined);
}

/**
 * The lines that thresholds are drawn as. Below a transparent step they have the colour of the step
 * below, else their own.
 */
export function limitLines({ thresholds, custom }: Field): { value: number; color: string }[] {
  const { mode = "off" } = custom.thresholdsStyle ?? {};
  if (mode === "off") return [];
  const steps = thresholds?.steps ?? DEFAULT_STEPS;
  const transparent = steps.findIndex(({ color }) => color === "transparent");
  return steps.slice(1).map(({ value, color }, index) => ({
    value: value as number,
    color: colorOf(transparent > index ? (steps[index]?.color as string) : color),
  }));
}

function colorOf(name: string): string {
  const color = COLORS[name];
  if (color === undefined) throw new Error(`the colour ${name} is not known to pictures of dashboards`);
  return color;
}

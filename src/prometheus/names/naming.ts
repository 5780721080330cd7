import { wellFormed } from "../escaped-text.ts";
import { labelName, utf8LabelName } from "../label-texts.ts";
import { escapedName, type MetricIdentity, utf8Name } from "../metric-name.ts";
import { type Escaping, escapedByDots, escapedByValues, LABEL_NAMES, METRIC_NAMES } from "./escaping.ts";
import { addsSuffixes, DEFAULT_TRANSLATION, keepsUtf8, type Translation } from "./translation.ts";

/** The names on one page: as the user wants them translated, and as the client wants them escaped. */
export interface Naming {
  readonly escaping: Escaping;
  /** The name of a metric; empty if it can't be shown. */
  metric(identity: MetricIdentity): string;
  /** The label of the key of an attribute. */
  label(key: string): string;
}

/** The naming of a page. Names that are translated to underscores have nothing that could be escaped. */
export function namingFor(translation: Translation, escaping: Escaping): Naming {
  const known = NAMINGS.get(`${translation} ${escaping}`);
  if (known !== undefined) return known;
  const naming = newNaming(translation, keepsUtf8(translation) ? escaping : "underscores");
  NAMINGS.set(`${translation} ${escaping}`, naming);
  return naming;
}

/** The same object for the same names: what is cached for a naming is found again. */
const NAMINGS = new Map<string, Naming>();

/** The names that a metric and a label have on every road by default. */
export const DEFAULT_NAMING = namingFor(DEFAULT_TRANSLATION, "underscores");

function newNaming(translation: Translation, escaping: Escaping): Naming {
  const suffixes = addsSuffixes(translation);
  const inUtf8 = (identity: MetricIdentity): string => wellFormed(utf8Name(identity, suffixes));
  switch (escaping) {
    case "underscores":
      return { escaping, metric: (identity) => escapedName(identity, suffixes), label: labelName };
    case "allow-utf-8":
      return { escaping, metric: inUtf8, label: utf8LabelName };
    case "dots":
      return {
        escaping,
        metric: (identity) => escapedByDots(inUtf8(identity), METRIC_NAMES),
        label: (key) => utf8LabelName(escapedByDots(utf8LabelName(key), LABEL_NAMES)),
      };
    case "values":
      return {
        escaping,
        metric: (identity) => escapedByValues(inUtf8(identity), METRIC_NAMES),
        label: (key) => escapedByValues(utf8LabelName(key), LABEL_NAMES),
      };
  }
}

import { fingerprint } from "./fingerprint.ts";

/** The longest name of an agent, a task type, an error; of a name that is longer this much is kept. */
export const MAX_NAME_LENGTH = 120;
/** The longest value of a label, which may be what an application records as an attribute. */
export const MAX_LABEL_LENGTH = 1024;
const HASH_LENGTH = 14;
/** Of a text that is very long its ends and its length tell it from others. */
const END_LENGTH = 1000;

/** A name as a label may bear it: one that an application made of a prompt is cut. */
export function shortName(name: string): string {
  return name.length > MAX_NAME_LENGTH ? name.slice(0, MAX_NAME_LENGTH) : name;
}

/** A text of at most `maxLength` characters. Two that differ and are cut still differ: a hash stands at their end. */
export function shortText(text: string, maxLength = MAX_LABEL_LENGTH): string {
  if (text.length <= maxLength) return text;
  const told = `${text.slice(0, END_LENGTH)}${text.length}${text.slice(-END_LENGTH)}`;
  return `${text.slice(0, maxLength - HASH_LENGTH - 1)}#${fingerprint(told).toString(16).padStart(HASH_LENGTH, "0")}`;
}

/** The longest name of an agent, a task type or an error, in characters. Longer names are cut. */
export const MAX_NAME_LENGTH = 120;
/** The longest label value, in characters. An application may record an attribute of any length. */
export const MAX_LABEL_LENGTH = 1024;

/** Fields of a record that become label values. */
const NAME_FIELDS = ["agentName", "taskType", "errorType", "failureType", "recoveryAction"];
/** Fields of a record that identify something: two different ids must differ after they are cut. */
const ID_FIELDS = ["taskId", "failureId"];
const MAX_ID_LENGTH = 200;

const HASH_LENGTH = 14;
/** A hash covers the length of a text and this many characters at either end. */
const HASHED_END_LENGTH = 1000;
const BITS_32 = 2 ** 32;
const BITS_21 = 2 ** 21;

/** A name that fits a label value. Some applications use a whole prompt as a name: that is cut. */
export function shortName(name: string): string {
  return name.length > MAX_NAME_LENGTH ? name.slice(0, MAX_NAME_LENGTH) : name;
}

/**
 * A text of at most `maxLength` characters. A cut text ends in a hash, so different texts differ.
 */
export function shortText(text: string, maxLength = MAX_LABEL_LENGTH): string {
  if (text.length <= maxLength) return text;
  const hashed = `${text.slice(0, HASHED_END_LENGTH)}${text.length}${text.slice(-HASHED_END_LENGTH)}`;
  const hash = fingerprint(hashed).toString(16).padStart(HASH_LENGTH, "0");
  return `${text.slice(0, maxLength - HASH_LENGTH - 1)}#${hash}`;
}

/**
 * A record in which no name and no id is too long.
 *
 * @param onCut receives each field that was cut.
 * @returns the given record if nothing is too long, otherwise a copy.
 */
export function withShortNames<Given extends object>(given: Given, onCut: (field: string) => void): Given {
  if (typeof given !== "object" || given === null) return given;
  const record = given as Record<string, unknown>;
  if (hasShortNames(record)) return given;
  let copy: Record<string, unknown> | undefined;
  const cut = (field: string, short: string): void => {
    copy ??= { ...record };
    copy[field] = short;
    onCut(field);
  };
  for (const field of NAME_FIELDS) {
    const name = record[field];
    if (!isWithin(name, MAX_NAME_LENGTH)) cut(field, shortName(name as string));
  }
  for (const field of ID_FIELDS) {
    const id = record[field];
    if (!isWithin(id, MAX_ID_LENGTH)) cut(field, shortText(id as string, MAX_ID_LENGTH));
  }
  return (copy as Given | undefined) ?? given;
}

/** True for nearly every record. Reading fields by a fixed name is faster than in a loop. */
function hasShortNames(record: Readonly<Record<string, unknown>>): boolean {
  const { agentName, taskType, errorType, failureType, recoveryAction, taskId, failureId } = record;
  return (
    isWithin(agentName, MAX_NAME_LENGTH) &&
    isWithin(taskType, MAX_NAME_LENGTH) &&
    isWithin(errorType, MAX_NAME_LENGTH) &&
    isWithin(failureType, MAX_NAME_LENGTH) &&
    isWithin(recoveryAction, MAX_NAME_LENGTH) &&
    isWithin(taskId, MAX_ID_LENGTH) &&
    isWithin(failureId, MAX_ID_LENGTH)
  );
}

function isWithin(value: unknown, maxLength: number): boolean {
  return typeof value !== "string" || value.length <= maxLength;
}

/**
 * A hash of a text: a whole number of 53 bits, at least 1. Equal texts have equal fingerprints; two
 * different texts have the same one about once in 2^53 times. It runs two multiplicative hashes
 * side by side and mixes them at the end as MurmurHash3 does (cyrb53, by bryc, public domain:
 * https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js). O(length).
 */
export function fingerprint(text: string): number {
  let one = 0xdeadbeef;
  let other = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 2654435761);
    other = Math.imul(other ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  other = Math.imul(other ^ (other >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return BITS_32 * ((other >>> 0) % BITS_21) + (one >>> 0) || 1;
}

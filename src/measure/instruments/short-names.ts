import { MAX_NAME_LENGTH, shortName, shortText } from "../../core/short-name.ts";

/** What becomes the value of a label. */
const NAMES = ["agentName", "taskType", "errorType", "failureType", "recoveryAction"];
/** What tells one thing from another: two that are cut must still differ. */
const IDS = ["taskId", "failureId"];
const MAX_ID_LENGTH = 200;

/** The same record where no name in it is too long, else a copy in which those are cut; `onCut` is told of each. */
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
  for (const field of NAMES) {
    const name = record[field];
    if (typeof name === "string" && name.length > MAX_NAME_LENGTH) cut(field, shortName(name));
  }
  for (const field of IDS) {
    const id = record[field];
    if (typeof id === "string" && id.length > MAX_ID_LENGTH) cut(field, shortText(id, MAX_ID_LENGTH));
  }
  return (copy as Given | undefined) ?? given;
}

/** Nearly every record is such a one: asked by name, which is quicker than field by field. */
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

function isWithin(value: unknown, length: number): boolean {
  return typeof value !== "string" || value.length <= length;
}

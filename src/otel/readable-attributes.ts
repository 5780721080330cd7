import type { Attributes, AttributeValue } from "@opentelemetry/api";
import { textOf } from "../core/text-of.ts";

const PLAIN = new Set(["string", "number", "boolean"]);

/**
 * Attributes that an SDK can take, made of whatever an application gave: what has no place in an attribute becomes a text,
 * and what can't be read at all a word in brackets.
 */
export function readableAttributes(given: unknown): Attributes {
  const attributes: Attributes = {};
  if (typeof given !== "object" || given === null) return attributes;
  for (const key of Object.keys(given))
    attributes[key] = readableValue(given as Record<string, unknown>, key);
  return attributes;
}

function readableValue(given: Record<string, unknown>, key: string): AttributeValue {
  try {
    const value = given[key];
    if (PLAIN.has(typeof value)) return value as string;
    if (typeof value !== "object" || value === null) return textOf(value);
    return JSON.stringify(value) ?? "";
  } catch {
    return "[unreadable]";
  }
}

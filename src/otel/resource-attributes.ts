import { textOf } from "../core/text-of.ts";

/** The longest text of a pair in a message. */
const MAX_SHOWN_LENGTH = 80;

/** What `OTEL_RESOURCE_ATTRIBUTES` specifies, and what is wrong with it. */
export interface ReadAttributes {
  readonly attributes: Readonly<Record<string, string>>;
  /** A sentence for each pair that cannot be read. */
  readonly faults: readonly string[];
}

/**
 * Reads `key1=value1,key2=value2`. The characters `,` and `=` of keys and values are
 * percent-encoded. The SDK ignores all pairs if one is wrong, without a message; this ignores the
 * wrong one.
 *
 * Source: https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable
 */
export function readResourceAttributes(text: string): ReadAttributes {
  const attributes: Record<string, string> = {};
  const faults: string[] = [];
  for (const pair of text.split(",").filter((it) => it.trim() !== "")) {
    const parts = pair.split("=").map(decoded);
    const fault = faultOf(parts);
    if (fault === undefined) attributes[parts[0] as string] = parts[1] as string;
    else faults.push(`"${textOf(pair.trim(), MAX_SHOWN_LENGTH)}" ${fault}`);
  }
  return { attributes, faults };
}

function faultOf(parts: readonly (string | undefined)[]): string | undefined {
  if (parts.length === 1) return 'has no "="';
  if (parts.length > 2) return 'has more than one "=" (write %3D inside a value)';
  if (parts.includes(undefined)) return "cannot be percent-decoded";
  return parts[0] === "" ? "has no key" : undefined;
}

/** `undefined` if the text is not percent-encoded as it should be. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return undefined;
  }
}

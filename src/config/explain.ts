import type * as v from "valibot";
import { show, shown, shownKey } from "./shown.ts";

/** What messages need of a schema, whatever its kind is. */
interface AnySchema {
  readonly entries?: Readonly<Record<string, AnySchema>>;
  readonly item?: AnySchema;
  readonly value?: AnySchema;
  readonly wrapped?: AnySchema;
  readonly options?: readonly unknown[];
  readonly message?: unknown;
  readonly pipe?: readonly { readonly message?: unknown }[];
}

/** The start of the library's own messages. Ours begin with what is expected. */
const OF_LIBRARY = "Invalid ";

/** Keys whose values may be secrets, such as a token. */
const MAY_BE_SECRET = ["headers", "secret"];

/** Types by the names that the library has for what it expected and received. */
const KINDS: Readonly<Record<string, string>> = {
  Array: "a list",
  Object: "a mapping",
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "nothing",
};

/**
 * One line that names the key and what is expected there.
 *
 * @param schema the schema that has found the issue.
 */
export function explain(issue: v.BaseIssue<unknown>, schema: v.GenericSchema): string {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const key = path.map(shownKey).join(".");
  if (issue.expected === "never") {
    const keys = Object.keys(schemaAt(schema as AnySchema, path.slice(0, -1))?.entries ?? {});
    return `unknown key "${key}"${keys.length === 0 ? "" : `; expected one of ${keys.join(", ")}`}`;
  }
  const given = path.some((name) => MAY_BE_SECRET.includes(name)) ? "something else" : undefined;
  return `"${key}": ${expectedOf(issue, schemaAt(schema as AnySchema, path), given)}`;
}

/** @param instead what is said in place of what was given, if that may be a secret. */
function expectedOf(issue: v.BaseIssue<unknown>, at: AnySchema | undefined, instead?: string): string {
  const { message, kind, type, input, received, expected } = issue;
  if (!message.startsWith(OF_LIBRARY))
    return type === "union" ? `${message}, got ${instead ?? show(input)}` : message;
  const said = messageOf(at);
  if (type === "strict_object" && received === "undefined")
    return said === undefined ? "is missing" : `is missing; it ${said}`;
  const { requirement } = issue as { requirement?: unknown };
  if (type === "min_value") return `must be at least ${requirement}, got ${received}`;
  if (type === "max_value") return `must be at most ${requirement}, got ${received}`;
  if (type === "integer") return `must be a whole number, got ${received}`;
  if (kind !== "schema") return message;
  return `${said ?? `must be ${KINDS[expected ?? ""] ?? expected}`}, got ${instead ?? KINDS[received] ?? shown(received)}`;
}

/** What our own check says: it knows more than that it is a text or a list. Those of a mapping are about its keys. */
function messageOf(at: AnySchema | undefined): string | undefined {
  const checks = at?.entries === undefined ? (at?.pipe ?? []) : [];
  const messages = [at?.message, ...checks.map((step) => step.message)];
  return messages.find((message) => typeof message === "string" && /^must (be|consist) /.test(message)) as
    | string
    | undefined;
}

function schemaAt(schema: AnySchema, path: readonly string[]): AnySchema | undefined {
  return path.reduce<AnySchema | undefined>((at, key) => childOf(at, key), unwrapped(schema));
}

function childOf(at: AnySchema | undefined, key: string): AnySchema | undefined {
  const child = at?.entries?.[key] ?? at?.item ?? at?.value;
  if (child !== undefined) return unwrapped(child);
  const schemas = (at?.options ?? []).filter((it) => typeof it === "object") as AnySchema[];
  return schemas.map((option) => childOf(unwrapped(option), key)).find((found) => found !== undefined);
}

function unwrapped(schema: AnySchema): AnySchema {
  return schema.wrapped === undefined ? schema : unwrapped(schema.wrapped);
}

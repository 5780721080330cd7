import { TEMPLATE_FIELDS } from "../../alerts/alert-text.ts";
import type { ActionRule } from "../../alerts/entries.ts";
import type { ActionTarget, ResolvedAction } from "../../alerts/resolved.ts";
import { Secret, type SecretStore } from "../../alerts/secret.ts";
import { fieldsOf, unclosedField } from "../../alerts/template.ts";
import { parseDuration } from "../../core/horizon.ts";
import type { Findings } from "./findings.ts";

const KINDS = ["run", "function", "webhook", "alertmanager"] as const;
const DEFAULT_TIMEOUT = "10s";
const DEFAULT_RETRIES = 3;
const DEFAULT_KEY = "{{alert}} {{series}}";

/** Checks the entry of an action and fills in its defaults. Reports mistakes to `findings`. */
export function resolveAction(
  name: string,
  entry: ActionRule,
  store: SecretStore,
  findings: Findings,
): ResolvedAction | undefined {
  const target = targetOf(name, entry, store, findings);
  const effect = entry.effect ?? (entry.alertmanager === undefined ? undefined : "protect");
  if (effect === undefined) findings.at("effect").add("is missing: one of add, protect, reduce, delete");
  checkTemplate(entry.key, findings.at("key"));
  if (target === undefined || effect === undefined) return undefined;
  const isFunction = target.kind === "function";
  return {
    name,
    target,
    effect,
    acts: entry.mode === "act",
    timeoutMillis: millisOf(entry.timeout ?? DEFAULT_TIMEOUT),
    retries: entry.retries ?? (isFunction ? 0 : DEFAULT_RETRIES),
    key: entry.key ?? DEFAULT_KEY,
    onPassed: entry.onPassed ?? true,
    onResolved: entry.onResolved ?? !isFunction,
  };
}

/** Milliseconds of a duration whose form was checked. */
export function millisOf(duration: string): number {
  return (parseDuration(duration) ?? 0) * 1000;
}

/** Reports fields of a template that do not exist, or whose braces are not closed. */
export function checkTemplate(template = "", findings: Findings): void {
  const open = unclosedField(template);
  if (open !== undefined) findings.add(`has a field without its }}: ${open}`);
  const unknown = fieldsOf(template).filter((field) => !TEMPLATE_FIELDS.includes(field));
  if (unknown.length === 0) return;
  const named = unknown.map((field) => `{{${field}}}`).join(", ");
  findings.add(`there is no field ${named}; the fields are ${TEMPLATE_FIELDS.join(", ")}`);
}

function targetOf(
  name: string,
  entry: ActionRule,
  store: SecretStore,
  findings: Findings,
): ActionTarget | undefined {
  const kinds = KINDS.filter((kind) => entry[kind] !== undefined);
  if (kinds.length !== 1) return findings.add(`must have exactly one of ${KINDS.join(", ")}`);
  if (entry.secret !== undefined && entry.webhook === undefined)
    return findings.at("secret").add("is for a webhook only");
  if (entry.run !== undefined) return { kind: "function", name, run: entry.run };
  if (entry.function !== undefined) return { kind: "function", name: entry.function, run: undefined };
  if (entry.alertmanager !== undefined) {
    const url = addressOf(entry.alertmanager, findings.at("alertmanager"));
    if (url !== undefined && /\/api\/v\d+\/alerts\/?$/.test(url.pathname))
      return findings.at("alertmanager").add("must end before /api/v2/alerts, which is added");
    return url === undefined ? undefined : { kind: "alertmanager", url };
  }
  const url = addressOf(entry.webhook ?? "", findings.at("webhook"));
  const secret = entry.secret === undefined ? undefined : Secret.read(entry.secret, store);
  if (typeof secret === "string") return findings.at("secret").add(secret);
  return url === undefined ? undefined : { kind: "webhook", url, secret };
}

function addressOf(text: string, findings: Findings): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return findings.add("must be an address that begins with http:// or https://");
  if (url.username !== "" || url.password !== "")
    return findings.add("must not contain a user name or a password");
  if (text.includes("{{")) return findings.add("must be fixed: an address cannot be a template");
  return url;
}

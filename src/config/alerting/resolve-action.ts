import { TEMPLATE_FIELDS } from "../../alerts/alert-text.ts";
import type { ActionRule } from "../../alerts/entries.ts";
import type { ActionTarget, ResolvedAction } from "../../alerts/rules.ts";
import { Secret, type SecretStore } from "../../alerts/secret.ts";
import { fieldsOf } from "../../alerts/template.ts";
import { parseHorizon } from "../../core/horizon.ts";
import type { Findings } from "./finding.ts";

const KINDS = ["run", "function", "webhook", "alertmanager"] as const;
const DEFAULT_TIMEOUT = "10s";
const DEFAULT_RETRIES = 3;
const DEFAULT_KEY = "{{alert}} {{series}}";

/** Checks an action and fills in its defaults; `undefined` when something is wrong, which `findings` then has. */
export function resolveAction(
  name: string,
  rule: ActionRule,
  store: SecretStore,
  findings: Findings,
): ResolvedAction | undefined {
  const path = ["actions", name];
  const target = targetOf(name, rule, store, findings);
  const isTold = rule.alertmanager !== undefined;
  const effect = rule.effect ?? (isTold ? "protect" : undefined);
  if (effect === undefined)
    findings.add([...path, "effect"], "must be said: one of add, protect, reduce, delete");
  checkTemplate(rule.key, [...path, "key"], findings);
  if (target === undefined || effect === undefined) return undefined;
  const isFunction = target.kind === "function";
  return {
    name,
    target,
    effect,
    acts: rule.mode === "act",
    timeoutMillis: millisOf(rule.timeout ?? DEFAULT_TIMEOUT),
    retries: rule.retries ?? (isFunction ? 0 : DEFAULT_RETRIES),
    key: rule.key ?? DEFAULT_KEY,
    onResolved: rule.onResolved ?? !isFunction,
  };
}

/** Milliseconds of a duration whose form has been checked. */
export function millisOf(duration: string): number {
  return (parseHorizon(duration)?.seconds ?? 0) * 1000;
}

/** Every field that a template names must be one that there is. */
export function checkTemplate(
  template: string | undefined,
  path: readonly (string | number)[],
  findings: Findings,
): void {
  const unknown = fieldsOf(template ?? "").filter((field) => !TEMPLATE_FIELDS.includes(field));
  if (unknown.length === 0) return;
  const named = unknown.map((field) => `{{${field}}}`).join(", ");
  findings.add(path, `there is no field ${named}; the fields are ${TEMPLATE_FIELDS.join(", ")}`);
}

function targetOf(
  name: string,
  rule: ActionRule,
  store: SecretStore,
  findings: Findings,
): ActionTarget | undefined {
  const path = ["actions", name];
  const kinds = KINDS.filter((kind) => rule[kind] !== undefined);
  if (kinds.length !== 1) return findings.add(path, `must have exactly one of ${KINDS.join(", ")}`);
  if (rule.secret !== undefined && rule.webhook === undefined)
    return findings.add([...path, "secret"], "is for a webhook only");
  if (rule.run !== undefined) return { kind: "function", name, run: rule.run };
  if (rule.function !== undefined) return { kind: "function", name: rule.function, run: undefined };
  if (rule.alertmanager !== undefined) {
    const url = addressOf(rule.alertmanager, [...path, "alertmanager"], findings);
    return url === undefined ? undefined : { kind: "alertmanager", url };
  }
  const url = addressOf(rule.webhook ?? "", [...path, "webhook"], findings);
  const secret = rule.secret === undefined ? undefined : Secret.read(rule.secret, store);
  if (typeof secret === "string") return findings.add([...path, "secret"], secret);
  return url === undefined ? undefined : { kind: "webhook", url, secret };
}

function addressOf(text: string, path: readonly (string | number)[], findings: Findings): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    return findings.add(path, "must be an address that begins with http:// or https://");
  if (url.username !== "" || url.password !== "")
    return findings.add(path, "must not hold a user name or a password");
  if (text.includes("{{")) return findings.add(path, "must be fixed: an address is no template");
  return url;
}

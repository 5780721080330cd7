import * as events from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import * as stream from "node:stream";
import * as workers from "node:worker_threads";

export type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Marks a method that is recorded already. */
export const INSTRUMENTED = Symbol.for("otel-forecast.instrumented");

/** The modules of Node whose classes applications extend. */
const EXTENDED_MODULES: readonly object[] = [events, stream, net, http, workers];

/** The methods of an object and of the application's classes that it inherits from, by name. */
export function methodsOf(object: object): Map<string, PropertyDescriptor> {
  const found = new Map<string, PropertyDescriptor>();
  const seen = new Set<string>(["constructor"]);
  for (let owner: object | null = object; isOfApplication(owner); owner = Object.getPrototypeOf(owner)) {
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(owner))) {
      if (seen.has(name)) continue;
      seen.add(name);
      const isReplaceable = owner !== object || descriptor.configurable === true;
      if (isReplaceable && !name.startsWith("_") && isMethod(descriptor.value)) found.set(name, descriptor);
    }
  }
  return found;
}

function isOfApplication(owner: object | null): owner is object {
  if (owner === null) return false;
  const made: unknown = Object.getOwnPropertyDescriptor(owner, "constructor")?.value;
  return typeof made !== "function" || !(isNative(made) || isOfNode(made));
}

/** Classes of Node are written like those of an application. */
function isOfNode(made: object): boolean {
  return EXTENDED_MODULES.some((module) => Object.values(module).includes(made));
}

function isMethod(value: unknown): boolean {
  if (typeof value !== "function" || INSTRUMENTED in value) return false;
  const isGenerator = Object.prototype.toString.call(value).endsWith("GeneratorFunction]");
  return !isGenerator && !isClass(value);
}

/** Only of a class, the prototype can't be replaced. */
function isClass(value: object): boolean {
  return Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false;
}

function isNative(value: { readonly name: string }): boolean {
  return (
    /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value)) &&
    !value.name.startsWith("bound ")
  );
}

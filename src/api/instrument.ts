import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { isAsyncFunction } from "../observe/work/watched-result.ts";
import { Runtime } from "../run/runtime.ts";
import { runTask, type TaskContext } from "./agent-handle.ts";

/** Which methods of an object become tasks. */
export interface InstrumentOptions {
  /** Only these. */
  readonly methods?: readonly string[];
  /** All but these: a loop that runs for as long as the agent lives is no task. */
  readonly except?: readonly string[];
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** The task that a call is a part of. */
interface RunningTask {
  readonly object: unknown;
  readonly context: TaskContext;
  isOver: boolean;
}

const INSTRUMENTED = Symbol.for("otel-forecast.instrumented");
const running = new AsyncLocalStorage<RunningTask>();

/**
 * Makes tasks of an agent from the calls of an object's methods, its own and those that its classes give it, and hands
 * the same object back. The task type is the method's name. A method that another one of the same object calls is a
 * step of that one's task: when it fails and the task goes on, that is a failed attempt. Getters, setters, `#private`
 * members, names that begin with `_`, generators, and what `EventEmitter` or a built-in class gives are left as they
 * are, and so are the classes themselves and their other instances.
 *
 * @throws TypeError that names what is wrong: an empty name, no object, a frozen one, or a method that it has not.
 */
export function instrument<Agent extends object>(
  agentName: string,
  agent: Agent,
  { methods, except = [] }: InstrumentOptions = {},
): Agent {
  if (typeof agentName !== "string" || agentName.trim() === "")
    throw new TypeError(`instrument: agentName is ${String(agentName)}, expected a name`);
  if (typeof agent !== "object" || agent === null)
    throw new TypeError(`instrument: ${agentName} is ${String(agent)}, expected an object with methods`);
  if (!Object.isExtensible(agent))
    throw new TypeError(`instrument: ${agentName} is frozen or sealed, its methods can't be replaced`);
  const found = methodsOf(agent);
  for (const name of [...(methods ?? []), ...except]) {
    if (!found.has(name)) throw new TypeError(`instrument: ${agentName} has no method ${name}`);
  }
  for (const [name, descriptor] of found) {
    if (except.includes(name) || (methods !== undefined && !methods.includes(name))) continue;
    const value = asTask(descriptor.value, name, () => agentName);
    Object.defineProperty(agent, name, { ...descriptor, value });
  }
  return agent;
}

/** A method decorator, as `@task("restart")` uses it. */
export type TaskDecorator = <This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
  context: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => Result>,
) => (this: This, ...args: Args) => Result;

/**
 * A decorator (as ECMAScript has them, TypeScript's default) that makes a task of every call of a method.
 *
 * @param taskType the method's name unless given
 * @param options.agentName what the process is called (`OTEL_FORECAST_AGENT`, else its service) unless given
 */
export function task(taskType?: string, options: { readonly agentName?: string } = {}): TaskDecorator {
  return (method, context) => {
    if (context?.kind !== "method")
      throw new TypeError(`@task is for methods, not for a ${context?.kind ?? "legacy decorator's target"}`);
    return asTask(
      method as Method,
      taskType ?? String(context.name),
      () => options.agentName ?? Runtime.ofProcess?.pipeline.instruments.defaultAgent ?? "",
    ) as typeof method;
  };
}

/** The same method, whose calls are recorded by the monitor that runs in the process; where none does, it just runs. */
function asTask(method: Method, taskType: string, agentName: () => string): Method {
  const isFresh = isAsyncFunction(method);
  const recorded: Method = function (...args) {
    const call = (): unknown => Reflect.apply(method, this, args);
    const outer = running.getStore();
    if (outer !== undefined && outer.object === this && !outer.isOver) return outer.context.attempt(call);
    const recorder = Runtime.ofProcess?.pipeline.instruments.recorder;
    if (recorder === undefined) return call();
    let current: RunningTask | undefined;
    const onEnd = (): void => {
      if (current !== undefined) current.isOver = true;
    };
    const elapsedMillis = (): number => performance.now();
    const run = { recorder, elapsedMillis, agentName: agentName(), taskType, isFresh, onEnd };
    return runTask(run, (context) => {
      current = { object: this, context, isOver: false };
      return running.run(current, call);
    });
  };
  Object.defineProperties(recorded, {
    name: { value: method.name, configurable: true },
    length: { value: method.length, configurable: true },
    [INSTRUMENTED]: { value: true },
  });
  return recorded;
}

/** Methods by name: the nearest of each, down to the first class that is not the application's. */
function methodsOf(object: object): Map<string, PropertyDescriptor> {
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
  if (owner === null || owner === EventEmitter.prototype) return false;
  return !isNative(Object.getOwnPropertyDescriptor(owner, "constructor")?.value);
}

function isMethod(value: unknown): boolean {
  if (typeof value !== "function" || INSTRUMENTED in value) return false;
  const source = Function.prototype.toString.call(value);
  const isGenerator = Object.prototype.toString.call(value).endsWith("GeneratorFunction]");
  return !isGenerator && !source.startsWith("class");
}

function isNative(value: unknown): boolean {
  return (
    typeof value === "function" &&
    /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(value)) &&
    !value.name.startsWith("bound ")
  );
}

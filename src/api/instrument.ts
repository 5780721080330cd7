import { AsyncLocalStorage } from "node:async_hooks";
import { optionError } from "../core/option-error.ts";
import { shortTextOf } from "../core/text-of.ts";
import { isAsyncFunction } from "../observe/work/watched-result.ts";
import { Runtime } from "../run/runtime.ts";
import { type Attempts, runTask } from "./agent-handle.ts";
import { INSTRUMENTED, type Method, methodsOf } from "./methods-of.ts";
import { withClearErrors } from "./safe-calls.ts";

/** Which methods of an object become tasks. By default all. */
export interface InstrumentOptions {
  /** Only these methods. */
  readonly methods?: readonly string[];
  /** All methods except these. A loop that runs as long as the agent lives is no task. */
  readonly except?: readonly string[];
}

/** The task, or the step of it, that a call belongs to. */
interface Running {
  readonly object: unknown;
  readonly attempts: Attempts;
  /** What a step is part of. */
  readonly outer?: Running;
  /** How many steps it is inside of. */
  readonly depth: number;
}

/**
 * A step that is farther inside others is not counted. A method that calls itself thousands of times would
 * need more of the stack than there is.
 */
const MOST_DEPTH = 50;

const ASYNC_FUNCTION: unknown = Object.getPrototypeOf(async () => {});
const running = new AsyncLocalStorage<Running>();

/**
 * Records each call of an object's methods as a task of an agent. The task type is the name of the
 * method. Methods of the object and of its classes are included. The monitor that runs in the
 * process records the tasks; without one, the methods run as before.
 *
 * If a method calls another method of the same object, that is a step of the same task. A step
 * counts as an attempt, succeeded or failed, unless it is what ended the task.
 *
 * These are not changed: getters, setters, `#private` members, names that begin with `_`,
 * generators, methods of `EventEmitter` and of built-in classes, the classes themselves, and their
 * other instances.
 *
 * @param agentName the agent that the tasks belong to.
 * @param agent the object.
 * @returns the same object.
 * @throws TypeError if the name is empty, the object is no object or is frozen, or it has no method
 * of a given name.
 */
export function instrument<Agent extends object>(
  agentName: string,
  agent: Agent,
  options: InstrumentOptions = {},
): Agent {
  return withClearErrors("instrument", () => instrumented(agentName, agent, options));
}

function instrumented<Agent extends object>(
  agentName: string,
  agent: Agent,
  { methods, except = [] }: InstrumentOptions,
): Agent {
  if (typeof agentName !== "string" || agentName.trim() === "")
    throw optionError(`instrument: agentName must be a name, got ${shortTextOf(agentName)}`);
  if (typeof agent !== "object" || agent === null)
    throw optionError(`instrument: ${agentName} must be an object with methods, got ${shortTextOf(agent)}`);
  if (!Object.isExtensible(agent))
    throw optionError(`instrument: ${agentName} is frozen or sealed, so its methods can't be replaced`);
  const found = methodsOf(agent);
  for (const names of [methods ?? [], except]) {
    if (!Array.isArray(names)) throw optionError("instrument: methods and except must be lists of names");
    // Not spread: a list may have very many holes.
    for (const name of names)
      if (!found.has(name)) throw optionError(`instrument: ${agentName} has no method ${shortTextOf(name)}`);
  }
  for (const [name, descriptor] of found) {
    if (except.includes(name) || (methods !== undefined && !methods.includes(name))) continue;
    const value = asTask(descriptor.value, name, () => agentName);
    Object.defineProperty(agent, name, { ...descriptor, value });
  }
  return agent;
}

/** A method decorator, as `task("restart")` returns it. */
export type TaskDecorator = <This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
  context: ClassMethodDecoratorContext<This, (this: This, ...args: Args) => Result>,
) => (this: This, ...args: Args) => Result;

/**
 * A decorator that records each call of a method as a task: `@task("restart")`. It is a decorator
 * of ECMAScript, which is TypeScript's default, and not one of `experimentalDecorators`.
 *
 * @param taskType default: the name of the method.
 * @param options.agentName default: the agent of the process (`OTEL_FORECAST_AGENT`, else the
 * service name).
 * @throws TypeError if it decorates something else than a method.
 */
export function task(taskType?: string, options: { readonly agentName?: string } = {}): TaskDecorator {
  const agentName = withClearErrors("@task", () => options.agentName);
  const agent = (): string => agentName ?? Runtime.ofProcess?.pipeline.instruments.defaultAgent ?? "";
  return (method, context) =>
    withClearErrors("@task", () => {
      if (context?.kind !== "method" || typeof method !== "function")
        throw optionError(`@task is for methods, not for a ${context?.kind ?? "legacy decorator's target"}`);
      return asTask(method as Method, taskType ?? String(context.name), agent) as typeof method;
    });
}

/**
 * Wraps a method, so that the monitor of the process records its calls. Without a monitor, the
 * method just runs.
 */
function asTask(method: Method, taskType: string, agentName: () => string): Method {
  const isFresh = isAsyncFunction(method);
  const recorded: Method = function (...args) {
    const outer = runningOf(this);
    if (outer !== undefined && outer.depth >= MOST_DEPTH) return Reflect.apply(method, this, args);
    const call = (): unknown => Reflect.apply(method, this, args);
    if (outer !== undefined) {
      const depth = outer.depth + 1;
      return outer.attempts.attempt((attempts) =>
        running.run({ object: this, attempts, outer, depth }, call),
      );
    }
    const recorder = Runtime.ofProcess?.pipeline.instruments.recorder;
    if (recorder === undefined) return call();
    const elapsedMillis = (): number => performance.now();
    const run = { recorder, elapsedMillis, agentName: agentName(), taskType, isFresh };
    return runTask(run, (attempts) => running.run({ object: this, attempts, depth: 0 }, call));
  };
  Object.defineProperties(recorded, {
    name: { value: method.name, configurable: true },
    length: { value: method.length, configurable: true },
    [INSTRUMENTED]: { value: true },
  });
  return isPlain(method) ? recorded : standingFor(method, recorded);
}

/** Whether a function can only be called: it carries nothing, and constructs nothing. */
function isPlain(method: Method): boolean {
  const prototype: unknown = Object.getPrototypeOf(method);
  return (
    (prototype === Function.prototype || prototype === ASYNC_FUNCTION) &&
    Reflect.ownKeys(method).every((key) => key === "name" || key === "length")
  );
}

/** Such as a client that `axios.create()` returns: a function with methods of its own, which stay. */
function standingFor(method: Method, recorded: Method): Method {
  return new Proxy(method, {
    apply: (_, self, args) => Reflect.apply(recorded, self, args),
    has: (target, key) => key === INSTRUMENTED || Reflect.has(target, key),
  });
}

/** The task or step of an object that runs now. Work that a step started may outlast the step. */
function runningOf(object: unknown): Running | undefined {
  let found = running.getStore();
  while (found?.attempts.isOver) found = found.outer;
  return found?.object === object ? found : undefined;
}

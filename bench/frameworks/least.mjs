// An observer of a framework that records nothing: it takes the way of ours into the framework, and keeps the
// context of a run. What it costs, nobody can save who takes this way.
import { AsyncLocalStorage } from "node:async_hooks";
import { tracingChannel } from "node:diagnostics_channel";

const nothing = () => {};
const nothingLater = async () => {};

/** Replaces methods of an object by ones that call them. */
function around(owner, methods, call = (method, self, args) => Reflect.apply(method, self, args)) {
  for (const name of methods) {
    const method = owner[name];
    owner[name] = function (...args) {
      return call(method, this, args);
    };
  }
}

/** Runs methods in the context of a run. */
function within(owner, methods, current = new AsyncLocalStorage()) {
  around(owner, methods, (method, self, args) => current.run({}, () => Reflect.apply(method, self, args)));
}

export function ofAiSdk() {
  const channel = tracingChannel("ai:telemetry");
  channel.asyncEnd.subscribe(nothing);
  channel.start.bindStore(new AsyncLocalStorage(), (message) => message);
  const integration = { onStepEnd: nothing, onLanguageModelCallEnd: nothing };
  Object.assign(globalThis, { AI_SDK_TELEMETRY_INTEGRATIONS: [integration] });
}

/** A processor of traces of the OpenAI Agents SDK. */
export const processor = {
  onTraceStart: nothingLater,
  onTraceEnd: nothingLater,
  onSpanStart: nothingLater,
  onSpanEnd: nothingLater,
  shutdown: nothingLater,
  forceFlush: nothingLater,
};

export function ofPi({ prototype }) {
  const current = new AsyncLocalStorage();
  within(prototype, ["runWithLifecycle"], current);
  around(prototype, ["processEvents"], (method, self, args) => {
    current.getStore();
    return Reflect.apply(method, self, args);
  });
}

const events = ["PreToolUse", "PostToolUse", "PostToolUseFailure", "SubagentStart", "SubagentStop"];
/** Hooks of the Claude Agent SDK. */
export const hooks = Object.fromEntries(events.map((event) => [event, [{ hooks: [async () => ({})] }]]));

/** @param resource what calls a model and returns a promise of its own, which parses when it is awaited */
export function ofApiPromises(resource) {
  const current = new AsyncLocalStorage();
  around(resource, ["create"], (method, self, args) => {
    const promise = current.run({}, () => Reflect.apply(method, self, args));
    around(promise, ["parseResponse"], async (parse, it, given) => await Reflect.apply(parse, it, given));
    return promise;
  });
}

export function ofGenai({ models }) {
  const internal = ["generateContentInternal"];
  around(models, internal, async (method, self, args) => await Reflect.apply(method, self, args));
}

export function ofMcp(client, transports) {
  within(client, ["request"]);
  for (const transport of transports) within(transport, ["send", "onmessage"]);
}

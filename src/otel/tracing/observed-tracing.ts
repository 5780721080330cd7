import { type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  createAlwaysRecordSampler,
  TracerProvider as SdkTracerProvider,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { registeredGlobal } from "../globals/global-api.ts";
import type { Registration, ReplaceableGlobals } from "../globals/replaceable-globals.ts";
import { joinSpanProcessor } from "./foreign-tracer-provider.ts";
import { GuardedContextManager, guardedTracer } from "./guarded-tracing.ts";

/**
 * Shows a span processor every span that the process creates through the OpenTelemetry API. It
 * depends on who sets up tracing:
 * - Nobody: our tracer provider becomes the global one. It records all spans and samples none. So
 *   nothing is exported, and called services learn that nothing was sampled.
 * - We do, because environment variables ask for it: `adopt()` takes the provider that our SDK has
 *   registered.
 * - The application, now or later: its provider is the global one, and the processor is added to
 *   it. Tracers that the application obtained earlier use its provider from then on.
 *
 * If no context manager is registered, ours is, as an SDK would do: without one no span has a
 * parent. The application can replace it too.
 */
export class ObservedTracing {
  readonly #globals: ReplaceableGlobals;
  readonly #processor: SpanProcessor | undefined;
  readonly #onJoined: () => void;
  #switchable: SwitchableTracerProvider | undefined;
  #onReplaced: () => void = () => {};

  /**
   * @param processor receives the spans. Without one, nothing is registered until `adopt()`.
   * @param onJoined runs when the processor was added to a provider of the application.
   */
  constructor(globals: ReplaceableGlobals, processor: SpanProcessor | undefined, onJoined: () => void) {
    this.#globals = globals;
    this.#processor = processor;
    this.#onJoined = onJoined;
    if (processor === undefined) return;
    if (registeredGlobal("context") === undefined) this.#registerContext();
    if (registeredGlobal("trace") === undefined) this.#registerTrace(processor);
    else this.#join(delegateOf(registeredGlobal("trace")));
  }

  /**
   * Adopts the tracer provider that our own SDK has just registered. Spans are created by it until
   * the application registers another one.
   *
   * @param onReplaced runs when the application has registered its provider.
   * @returns the provider, if our SDK has registered one.
   */
  adopt(onReplaced: () => void): TracerProvider | undefined {
    const registered = registeredGlobal("trace");
    const provider = delegateOf(registered) as TracerProvider | undefined;
    if (!this.#globals.isOurs("trace") || provider === undefined || provider === this.#switchable)
      return undefined;
    this.#onReplaced = onReplaced;
    this.#switchTo(provider, true);
    (registered as Delegating).setDelegate?.(this.#switchable);
    this.#globals.adopt("trace", this.#registration);
    if (this.#processor !== undefined) joinSpanProcessor(provider, this.#processor);
    return provider;
  }

  #registerContext(): void {
    const manager = new GuardedContextManager().enable();
    this.#globals.register("context", { ours: manager, onReplaced: () => {} });
  }

  #registerTrace(processor: SpanProcessor): void {
    const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
    const provider = this.#switchTo(new SdkTracerProvider({ sampler, spanProcessors: [processor] }), true);
    // The API also gives it to tracers that were obtained before. Another version of it would
    // refuse.
    const isRegistered = this.#globals.registerOurs(() => trace.setGlobalTracerProvider(provider));
    if (isRegistered) this.#globals.adopt("trace", this.#registration);
    else this.#globals.register("trace", { ours: provider, ...this.#registration });
  }

  #switchTo(provider: TracerProvider, isOurs: boolean): TracerProvider {
    this.#switchable ??= new SwitchableTracerProvider(provider);
    this.#switchable.switchTo(provider, isOurs);
    return this.#switchable;
  }

  get #registration(): Omit<Registration, "ours"> {
    return {
      // The API registers its proxy. Everyone who uses the same copy of it registers the same
      // proxy.
      isReplacement: () => true,
      onReplaced: (proxy) => onceDelegated(proxy, (theirs) => this.#replaceBy(theirs)),
    };
  }

  #replaceBy(theirs: unknown): void {
    if (theirs === this.#switchable) return;
    this.#switchTo(theirs as TracerProvider, false);
    this.#onReplaced();
    this.#onReplaced = () => {};
    if (this.#processor !== undefined) this.#join(theirs);
  }

  #join(theirs: unknown): void {
    if (joinSpanProcessor(theirs, this.#processor as SpanProcessor)) this.#onJoined();
  }
}

/** The API's proxy of a tracer provider. */
interface Delegating {
  getDelegate?(): unknown;
  setDelegate?(delegate: unknown): void;
}

/** The provider behind the API's proxy. A provider of the application may throw at any access. */
function delegateOf(provider: unknown): unknown {
  try {
    return (provider as Delegating | undefined)?.getDelegate?.() ?? provider;
  } catch {
    return provider;
  }
}

/**
 * Calls back with the provider. The API registers its proxy first and sets the provider right
 * after.
 */
function onceDelegated(provider: unknown, callback: (delegate: unknown) => void): void {
  const proxy = provider as Delegating;
  const setDelegate = setterOf(proxy);
  if (setDelegate === undefined) {
    callback(provider);
    return;
  }
  proxy.setDelegate = (delegate) => {
    delete proxy.setDelegate;
    setDelegate.call(proxy, delegate);
    callback(delegate);
  };
}

function setterOf(proxy: Delegating): Delegating["setDelegate"] {
  try {
    return proxy.setDelegate;
  } catch {
    return undefined;
  }
}

/** Its tracers create spans with the current provider, also after a switch to another one. */
class SwitchableTracerProvider implements TracerProvider {
  #current: TracerProvider;
  #isOurs = true;

  constructor(first: TracerProvider) {
    this.#current = first;
  }

  /** Tracers of ours never throw. Tracers of the application behave as they do without us. */
  switchTo(next: TracerProvider, isOurs: boolean): void {
    this.#current = next;
    this.#isOurs = isOurs;
  }

  getTracer(...which: Parameters<TracerProvider["getTracer"]>): Tracer {
    let createdBy: TracerProvider | undefined;
    let tracer: Tracer;
    const current = (): Tracer => {
      if (createdBy !== this.#current) {
        const provider = this.#current;
        const create = (): Tracer => provider.getTracer(...which);
        createdBy = provider;
        tracer = this.#isOurs ? guardedTracer(create) : create();
      }
      return tracer;
    };
    return {
      startSpan: (...how) => current().startSpan(...how),
      startActiveSpan: (...how: unknown[]) =>
        Reflect.apply(current().startActiveSpan, current(), how) as never,
    };
  }
}

import { type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  createAlwaysRecordSampler,
  TracerProvider as SdkTracerProvider,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { registeredGlobal, type YieldingGlobals } from "../globals/yielding-globals.ts";
import { joinSpanProcessor } from "./foreign-tracer-provider.ts";
import { GuardedContextManager } from "./guarded-context-manager.ts";
import { guardedTracer } from "./guarded-tracer.ts";

/**
 * Shows a span processor every span that the process makes through the OpenTelemetry API, whoever sets up tracing:
 * - nobody: a tracer provider of ours is the global one. It records every span and samples none, so nothing is exported
 *   and a service that is called is told that nothing was sampled.
 * - we, as variables ask for it: `adopt()` takes over what our SDK has registered.
 * - the application, sooner or later: its provider is the global one and is joined. Tracers that were made before it, and
 *   make spans of ours, make spans of its from then on.
 *
 * Where no context manager is set, one is, as an SDK would: without one no span has a parent. It yields too.
 */
export class YieldingTracing {
  readonly #globals: YieldingGlobals;
  readonly #processor: SpanProcessor | undefined;
  readonly #onJoined: () => void;
  #front: FollowingTracerProvider | undefined;
  #onTakenOver: () => void = () => {};

  /** @param processor is shown the spans; none where they are not to be seen. */
  constructor(globals: YieldingGlobals, processor: SpanProcessor | undefined, onJoined: () => void) {
    this.#globals = globals;
    this.#processor = processor;
    this.#onJoined = onJoined;
    if (processor === undefined) return;
    if (registeredGlobal("context") === undefined) this.#offerContext();
    if (registeredGlobal("trace") === undefined) this.#offerTrace(processor);
    else this.#join(delegateOf(registeredGlobal("trace")));
  }

  /**
   * Takes what our own SDK has just registered for ours: spans are made by it until the application registers another;
   * `onTakenOver` is called then. Gives the provider, if there is one.
   */
  adopt(onTakenOver: () => void): TracerProvider | undefined {
    const registered = registeredGlobal("trace");
    const provider = delegateOf(registered) as TracerProvider | undefined;
    if (!this.#globals.isOurs("trace") || provider === undefined || provider === this.#front)
      return undefined;
    this.#onTakenOver = onTakenOver;
    this.#follow(provider);
    (registered as Delegating).setDelegate?.(this.#front);
    this.#ownTrace();
    if (this.#processor !== undefined) joinSpanProcessor(provider, this.#processor);
    return provider;
  }

  #offerContext(): void {
    const manager = new GuardedContextManager().enable();
    this.#globals.offer("context", { ours: manager, onTakenOver: () => {} });
  }

  #offerTrace(processor: SpanProcessor): void {
    const front = this.#follow(
      new SdkTracerProvider({
        sampler: createAlwaysRecordSampler(new AlwaysOffSampler()),
        spanProcessors: [processor],
      }),
    );
    // By the API, which hands it to tracers that were made before too; another version of it would refuse.
    if (this.#globals.asOurs(() => trace.setGlobalTracerProvider(front))) this.#ownTrace();
    else this.#globals.offer("trace", { ours: front, ...this.#yielding });
  }

  #follow(provider: TracerProvider, isOurs = true): FollowingTracerProvider {
    this.#front ??= new FollowingTracerProvider(provider);
    this.#front.follow(provider, isOurs);
    return this.#front;
  }

  #ownTrace(): void {
    this.#globals.adopt("trace", this.#yielding);
  }

  get #yielding(): { isTakeover(value: unknown): boolean; onTakenOver(theirs: unknown): void } {
    return {
      // What the API registers is its proxy, and who registers through the same copy of it registers the same proxy.
      isTakeover: () => true,
      onTakenOver: (proxy) =>
        onceDelegated(proxy, (theirs) => {
          if (theirs === this.#front) return;
          this.#follow(theirs as TracerProvider, false);
          this.#onTakenOver();
          this.#onTakenOver = () => {};
          if (this.#processor !== undefined) this.#join(theirs);
        }),
    };
  }

  #join(theirs: unknown): void {
    if (joinSpanProcessor(theirs, this.#processor as SpanProcessor)) this.#onJoined();
  }
}

interface Delegating {
  getDelegate?(): unknown;
  setDelegate?(delegate: unknown): void;
}

/** What somebody else has registered may throw whatever is asked of it. */
function delegateOf(provider: unknown): unknown {
  try {
    return (provider as Delegating | undefined)?.getDelegate?.() ?? provider;
  } catch {
    return provider;
  }
}

/** The API registers its proxy first and sets the provider behind it at once after that. */
function onceDelegated(provider: unknown, told: (delegate: unknown) => void): void {
  const proxy = provider as Delegating;
  const setDelegate = setterOf(proxy);
  if (setDelegate === undefined) {
    told(provider);
    return;
  }
  proxy.setDelegate = (delegate) => {
    delete proxy.setDelegate;
    setDelegate.call(proxy, delegate);
    told(delegate);
  };
}

function setterOf(proxy: Delegating): Delegating["setDelegate"] {
  try {
    return proxy.setDelegate;
  } catch {
    return undefined;
  }
}

/** Tracers that make spans of one provider until there is another, and of that one from then on. */
class FollowingTracerProvider implements TracerProvider {
  #current: TracerProvider;
  #isOurs = true;

  constructor(first: TracerProvider) {
    this.#current = first;
  }

  /** Tracers of ours harm nobody, whatever they are given; those of an application do as they do without us. */
  follow(next: TracerProvider, isOurs: boolean): void {
    this.#current = next;
    this.#isOurs = isOurs;
  }

  getTracer(...which: Parameters<TracerProvider["getTracer"]>): Tracer {
    let madeBy: TracerProvider | undefined;
    let tracer: Tracer;
    const current = (): Tracer => {
      if (madeBy !== this.#current) {
        const provider = this.#current;
        const make = (): Tracer => provider.getTracer(...which);
        madeBy = provider;
        tracer = this.#isOurs ? guardedTracer(make) : make();
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

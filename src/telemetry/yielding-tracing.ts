import { context, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AlwaysOffSampler,
  createAlwaysRecordSampler,
  TracerProvider as SdkTracerProvider,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { joinSpanProcessor } from "./foreign-tracer-provider.ts";
import { registeredGlobal, type YieldingSlot, yieldSlots } from "./global-registration.ts";

/**
 * Shows a span processor every span that the process makes through the OpenTelemetry API, whoever sets up tracing:
 * - nobody: a tracer provider of ours is the global one. It records every span and samples none, so nothing is exported
 *   and a service that is called is told that nothing was sampled.
 * - the application, sooner or later: its provider is the global one and is joined. Tracers that were made before it, and
 *   make spans of ours, make spans of its from then on.
 *
 * Where no context manager is set, one is, as an SDK would: without one no span has a parent. It yields too.
 *
 * @returns a function that undoes what can be undone.
 */
export function watchTracing(processor: SpanProcessor, onJoined: () => void): () => void {
  const join = (theirs: unknown): void => {
    if (joinSpanProcessor(theirs, processor)) onJoined();
  };
  const slots: Record<string, YieldingSlot> = {};
  if (registeredGlobal("context") === undefined) {
    const manager = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(manager);
    slots.context = {
      ours: manager,
      isTakeover: (value) => value !== manager,
      onTakenOver: () => {},
      returns: false,
    };
  }
  if (registeredGlobal("trace") === undefined) {
    const ours = new YieldingTracerProvider(
      new SdkTracerProvider({
        sampler: createAlwaysRecordSampler(new AlwaysOffSampler()),
        spanProcessors: [processor],
      }),
    );
    trace.setGlobalTracerProvider(ours);
    slots.trace = {
      // What the API registers is its proxy, and who registers through the same copy of it registers the same proxy.
      ours: registeredGlobal("trace"),
      isTakeover: () => true,
      onTakenOver: (proxy) =>
        onceDelegated(proxy, (theirs) => {
          if (theirs === ours) return;
          ours.yieldTo(theirs as TracerProvider);
          join(theirs);
        }),
      returns: false,
    };
  } else {
    join(delegateOf(registeredGlobal("trace")));
  }
  return yieldSlots(slots);
}

interface Delegating {
  getDelegate?(): unknown;
  setDelegate?(delegate: unknown): void;
}

function delegateOf(provider: unknown): unknown {
  return (provider as Delegating | undefined)?.getDelegate?.() ?? provider;
}

/** The API registers its proxy first and sets the provider behind it at once after that. */
function onceDelegated(provider: unknown, told: (delegate: unknown) => void): void {
  const proxy = provider as Delegating | undefined;
  const setDelegate = proxy?.setDelegate;
  if (proxy === undefined || setDelegate === undefined) {
    told(provider);
    return;
  }
  proxy.setDelegate = (delegate) => {
    delete proxy.setDelegate;
    setDelegate.call(proxy, delegate);
    told(delegate);
  };
}

/** Tracers that make spans of one provider until there is another, and of that one from then on. */
class YieldingTracerProvider implements TracerProvider {
  #current: TracerProvider;

  constructor(first: TracerProvider) {
    this.#current = first;
  }

  yieldTo(next: TracerProvider): void {
    this.#current = next;
  }

  getTracer(...which: Parameters<TracerProvider["getTracer"]>): Tracer {
    let madeBy: TracerProvider | undefined;
    let tracer: Tracer;
    const current = (): Tracer => {
      if (madeBy !== this.#current) {
        madeBy = this.#current;
        tracer = madeBy.getTracer(...which);
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

import {
  type Context,
  context,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  createAlwaysRecordSampler,
  TracerProvider as SdkTracerProvider,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { defineMethod } from "../define-method.ts";

/** The methods that change a span. */
const MUTATORS = [
  "setAttribute",
  "setAttributes",
  "addEvent",
  "addLink",
  "addLinks",
  "setStatus",
  "updateName",
  "recordException",
  "end",
] as const;

type AnyFunction = (this: unknown, ...args: never[]) => unknown;
type Methods = Record<string, AnyFunction | undefined>;

const TWINNED = Symbol("otel-forecast.twinned");

/**
 * Shows a span processor the spans of a tracer provider that is not an SDK's and takes no
 * processors. Each span gets a twin: a span of the SDK with the same ids, which receives the same
 * calls and is not exported. The span itself behaves as before.
 *
 * @returns `false` if the provider has no `getTracer`.
 */
export function twinSpans(provider: TracerProvider, processor: SpanProcessor): boolean {
  const { getTracer } = provider;
  if (typeof getTracer !== "function") return false;
  if (TWINNED in getTracer) return true;
  const twins = new Twins(processor);
  const twinned: AnyFunction = function (...args) {
    const tracer = Reflect.apply(getTracer, this, args) as Tracer;
    twins.watch(tracer);
    return tracer;
  };
  Object.defineProperty(twinned, TWINNED, { value: true });
  defineMethod(provider, "getTracer", twinned);
  return true;
}

class Twins {
  readonly #tracer: Tracer;
  readonly #watched = new WeakSet<Tracer>();
  readonly #twinned = new WeakSet<Span>();
  #ids = { traceId: "", spanId: "" };

  constructor(processor: SpanProcessor) {
    const provider = new SdkTracerProvider({
      sampler: createAlwaysRecordSampler(new AlwaysOffSampler()),
      spanProcessors: [processor],
      idGenerator: { generateTraceId: () => this.#ids.traceId, generateSpanId: () => this.#ids.spanId },
    });
    this.#tracer = provider.getTracer("otel-forecast/twins");
  }

  watch(tracer: Tracer): void {
    if (this.#watched.has(tracer)) return;
    this.#watched.add(tracer);
    const { startSpan, startActiveSpan } = tracer;
    const twins = this;
    defineMethod(tracer, "startSpan", function (this: unknown, ...args: Parameters<Tracer["startSpan"]>) {
      const span = Reflect.apply(startSpan, this, args) as Span;
      twins.#start(span, ...args);
      return span;
    });
    if (typeof startActiveSpan !== "function") return;
    // Most tracers call `startSpan` here, so the twin exists already.
    defineMethod(tracer, "startActiveSpan", function (this: unknown, name: string, ...args: unknown[]) {
      const work = args.at(-1);
      const [options, within = context.active()] = args.slice(0, -1) as [SpanOptions?, Context?];
      const observed = (span: Span, ...more: unknown[]): unknown => {
        twins.#start(span, name, options, within);
        return Reflect.apply(work as AnyFunction, undefined, [span, ...more] as never[]);
      };
      const given = typeof work === "function" ? [...args.slice(0, -1), observed] : args;
      return Reflect.apply(startActiveSpan as AnyFunction, this, [name, ...given] as never[]);
    });
  }

  #start(span: Span, name: string, options?: SpanOptions, within: Context = context.active()): void {
    this.#safely(() => {
      if (this.#twinned.has(span)) return;
      this.#twinned.add(span);
      this.#ids = span.spanContext();
      const twin = this.#tracer.startSpan(name, options, within) as unknown as Methods;
      const calls = { depth: 0 };
      for (const method of MUTATORS) this.#copyCalls(span as unknown as Methods, twin, method, calls);
    });
  }

  /**
   * Repeats the calls of a method on the twin, except those that a method of the span itself makes.
   */
  #copyCalls(span: Methods, twin: Methods, method: string, calls: { depth: number }): void {
    const original = span[method];
    if (typeof original !== "function") return;
    const twins = this;
    defineMethod(span, method, function (this: unknown, ...args: never[]) {
      if (calls.depth === 0) twins.#safely(() => twin[method]?.(...args));
      calls.depth += 1;
      try {
        return Reflect.apply(original, this, args);
      } finally {
        calls.depth -= 1;
      }
    });
  }

  /** A failure of the twin must not reach the application. */
  #safely(action: () => void): void {
    try {
      action();
    } catch {
      // The span has no twin, or its twin misses a call.
    }
  }
}

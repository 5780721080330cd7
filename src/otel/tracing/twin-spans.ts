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

/** What is told to a span. */
const TELLING = [
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
 * Shows a span processor the spans of a tracer provider that is no SDK's and takes no processors: each span has a twin of
 * the SDK, with the same ids, that is told what the span is told and is exported nowhere. The span itself is as it was.
 *
 * @returns `false` where the provider is not as the API has it.
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
  replace(provider, "getTracer", twinned);
  return true;
}

class Twins {
  readonly #tracer: Tracer;
  readonly #watched = new WeakSet<Tracer>();
  readonly #begun = new WeakSet<Span>();
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
    replace(tracer, "startSpan", function (this: unknown, ...args: Parameters<Tracer["startSpan"]>) {
      const span = Reflect.apply(startSpan, this, args) as Span;
      twins.#begin(span, ...args);
      return span;
    });
    if (typeof startActiveSpan !== "function") return;
    // Most make the span by `startSpan`, which has seen it then.
    replace(tracer, "startActiveSpan", function (this: unknown, name: string, ...args: unknown[]) {
      const work = args.at(-1);
      const options = args.length > 1 ? (args[0] as SpanOptions) : undefined;
      const within = args.length > 2 ? (args[1] as Context) : context.active();
      const seen = (span: Span, ...more: unknown[]): unknown => {
        twins.#begin(span, name, options, within);
        return Reflect.apply(work as AnyFunction, undefined, [span, ...more] as never[]);
      };
      const given = typeof work === "function" ? [...args.slice(0, -1), seen] : args;
      return Reflect.apply(startActiveSpan as AnyFunction, this, [name, ...given] as never[]);
    });
  }

  #begin(span: Span, name: string, options?: SpanOptions, within: Context = context.active()): void {
    this.#safely(() => {
      if (this.#begun.has(span)) return;
      this.#begun.add(span);
      this.#ids = span.spanContext();
      const twin = this.#tracer.startSpan(name, options, within) as unknown as Methods;
      const calls = { depth: 0 };
      for (const method of TELLING) this.#tellToo(span as unknown as Methods, twin, method, calls);
    });
  }

  /** What a method of the span calls of the span in its turn is not told again. */
  #tellToo(span: Methods, twin: Methods, method: string, calls: { depth: number }): void {
    const tell = span[method];
    if (typeof tell !== "function") return;
    const twins = this;
    replace(span, method, function (this: unknown, ...args: never[]) {
      if (calls.depth === 0) twins.#safely(() => twin[method]?.(...args));
      calls.depth += 1;
      try {
        return Reflect.apply(tell, this, args);
      } finally {
        calls.depth -= 1;
      }
    });
  }

  /** A span that can't be followed is no error of who makes it. */
  #safely(follow: () => void): void {
    try {
      follow();
    } catch {
      // It is not seen, or not to its end.
    }
  }
}

function replace(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: false });
}

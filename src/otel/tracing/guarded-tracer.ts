import {
  type Context,
  context,
  INVALID_SPAN_CONTEXT,
  ProxyTracerProvider,
  type Span,
  type SpanContext,
  type SpanOptions,
  type Tracer,
  trace,
} from "@opentelemetry/api";

type AnyFunction = (this: unknown, ...args: never[]) => unknown;

/**
 * A tracer of ours as an application may use it: without us its calls do nothing, whatever they are given, so with us none
 * of them throws. What a span can't take is not recorded.
 */
export function guardedTracer(make: () => Tracer): Tracer {
  try {
    return new GuardedTracer(make());
  } catch {
    return new ProxyTracerProvider().getTracer("");
  }
}

class GuardedTracer implements Tracer {
  readonly #tracer: Tracer;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  startSpan(name: string, options?: SpanOptions, within?: Context): Span {
    try {
      return new GuardedSpan(this.#tracer.startSpan(name, options ?? {}, within ?? context.active()));
    } catch {
      return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
    }
  }

  startActiveSpan(name: string, ...given: unknown[]): never {
    const work = given.at(-1) as AnyFunction;
    const options = given.length > 1 ? (given[0] as SpanOptions) : undefined;
    const within = (given.length > 2 ? (given[1] as Context) : undefined) ?? context.active();
    const span = this.startSpan(name, options, within);
    return context.with(trace.setSpan(within, span), work as never, undefined, ...([span] as never)) as never;
  }
}

class GuardedSpan implements Span {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  spanContext(): SpanContext {
    return this.#span.spanContext();
  }

  isRecording(): boolean {
    return this.#span.isRecording();
  }

  setAttribute(...what: Parameters<Span["setAttribute"]>): this {
    return this.#try(() => this.#span.setAttribute(...what));
  }

  setAttributes(...what: Parameters<Span["setAttributes"]>): this {
    return this.#try(() => this.#span.setAttributes(...what));
  }

  addEvent(...what: Parameters<Span["addEvent"]>): this {
    return this.#try(() => this.#span.addEvent(...what));
  }

  addLink(...what: Parameters<Span["addLink"]>): this {
    return this.#try(() => this.#span.addLink(...what));
  }

  addLinks(...what: Parameters<Span["addLinks"]>): this {
    return this.#try(() => this.#span.addLinks(...what));
  }

  setStatus(...what: Parameters<Span["setStatus"]>): this {
    return this.#try(() => this.#span.setStatus(...what));
  }

  updateName(...what: Parameters<Span["updateName"]>): this {
    return this.#try(() => this.#span.updateName(...what));
  }

  recordException(...what: Parameters<Span["recordException"]>): void {
    this.#try(() => this.#span.recordException(...what));
  }

  end(...what: Parameters<Span["end"]>): void {
    this.#try(() => this.#span.end(...what));
  }

  #try(tell: () => unknown): this {
    try {
      tell();
    } catch {
      // As without a span that records.
    }
    return this;
  }
}

import type { TracerProvider } from "@opentelemetry/api";
import { createAlwaysRecordSampler, type Sampler, type SpanProcessor } from "@opentelemetry/sdk-trace";
import { log } from "../../logging/component-logger.ts";
import { twinSpans } from "./twin-spans.ts";

/**
 * Private parts of an SDK's tracer provider: of the 3.x line, and of 1.x and 2.x if they differ.
 */
interface ProviderInternals {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: SpanProcessor[] };
  readonly _tracerOptions?: Sampling;
  readonly _config?: Sampling;
  readonly _tracers?: ReadonlyMap<string, { _sampler?: Sampler }>;
  /**
   * Public in 1.x, removed since. A provider that is not an SDK's may have it too, but its spans
   * are not readable for our processor.
   */
  addSpanProcessor?(processor: SpanProcessor): void;
  readonly _registeredSpanProcessors?: readonly SpanProcessor[];
}

interface Sampling {
  sampler?: Sampler;
}

/**
 * Adds a span processor to a tracer provider of the application. The processor also receives spans
 * that are not sampled: they are recorded now, and still not exported.
 *
 * Since 2.x the SDK has no public way to add a processor, so private parts are used if they are as
 * expected. If the provider is not an SDK's, each of its spans is copied to a span of ours.
 *
 * @returns `false` if neither is possible; that is logged.
 */
export function joinSpanProcessor(provider: unknown, processor: SpanProcessor): boolean {
  try {
    if (join(provider as TracerProvider & ProviderInternals, processor)) return true;
  } catch (error) {
    log.debug("a tracer provider cannot be joined", error);
  }
  log.warn("the tracer provider of the application is not supported; its spans are not observed");
  return false;
}

function join(provider: TracerProvider & ProviderInternals, processor: SpanProcessor): boolean {
  const { _registeredSpanProcessors: registered } = provider;
  if (typeof provider.addSpanProcessor === "function" && Array.isArray(registered)) {
    if (registered.includes(processor)) return true;
    provider.addSpanProcessor(processor);
    recordAll(provider);
    return true;
  }
  const processors = provider?._activeSpanProcessor?._spanProcessors;
  if (!Array.isArray(processors)) return twinSpans(provider, processor);
  if (processors.includes(processor)) return true;
  processors.push(processor);
  recordAll(provider);
  return true;
}

/** Records all spans. Exporters export only sampled spans, so the others are not exported. */
function recordAll({ _tracerOptions, _config, _tracers }: ProviderInternals): void {
  const sampling = _tracerOptions ?? _config;
  const plain = sampling?.sampler;
  if (sampling === undefined || !isSampler(plain)) {
    log.warn("only the sampled spans of the application are counted: its sampler is not supported");
    return;
  }
  const recording = createAlwaysRecordSampler(plain);
  sampling.sampler = recording;
  for (const tracer of _tracers?.values() ?? []) if (tracer._sampler === plain) tracer._sampler = recording;
}

function isSampler(sampler: unknown): sampler is Sampler {
  return typeof (sampler as Sampler | undefined)?.shouldSample === "function";
}

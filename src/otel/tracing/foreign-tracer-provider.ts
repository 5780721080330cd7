import type { TracerProvider } from "@opentelemetry/api";
import { createAlwaysRecordSampler, type Sampler, type SpanProcessor } from "@opentelemetry/sdk-trace";
import { log } from "../../logging/component-logger.ts";
import { twinSpans } from "./twin-spans.ts";

/** The parts of an SDK's tracer provider that have no public name: of the 3.x line, and of 1.x and 2.x where they differ. */
interface ProviderInternals {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: SpanProcessor[] };
  readonly _tracerOptions?: Sampling;
  readonly _config?: Sampling;
  readonly _tracers?: ReadonlyMap<string, { _sampler?: Sampler }>;
  /** Public in 1.x, gone since. Providers that are no SDK's may have it, and make spans that no processor can read. */
  addSpanProcessor?(processor: SpanProcessor): void;
  readonly _registeredSpanProcessors?: readonly SpanProcessor[];
}

interface Sampling {
  sampler?: Sampler;
}

/**
 * Makes a span processor see the spans of a tracer provider that somebody else has built, those among them that are not
 * sampled too: they are recorded and still exported nowhere. The SDK has no public way to add a processor since its 2.x
 * line, so this is guarded; the spans of a provider that is no SDK's are followed one by one. `false`, with a line that says
 * so, when that can't be.
 */
export function joinSpanProcessor(provider: unknown, processor: SpanProcessor): boolean {
  try {
    if (join(provider as TracerProvider & ProviderInternals, processor)) return true;
  } catch (error) {
    log.debug("a tracer provider can't be joined", error);
  }
  log.warn("the tracer provider of the application is not known; its spans are not observed");
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

/** An exporter takes sampled spans alone, so that those which are recorded besides go nowhere. */
function recordAll({ _tracerOptions, _config, _tracers }: ProviderInternals): void {
  const sampling = _tracerOptions ?? _config;
  const plain = sampling?.sampler;
  if (sampling === undefined || !isSampler(plain)) {
    log.warn("of the application's spans, only those that are sampled are counted");
    return;
  }
  const recording = createAlwaysRecordSampler(plain);
  sampling.sampler = recording;
  for (const tracer of _tracers?.values() ?? []) if (tracer._sampler === plain) tracer._sampler = recording;
}

function isSampler(sampler: unknown): sampler is Sampler {
  return typeof (sampler as Sampler | undefined)?.shouldSample === "function";
}

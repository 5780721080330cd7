import { diag } from "@opentelemetry/api";
import { createAlwaysRecordSampler, type Sampler, type SpanProcessor } from "@opentelemetry/sdk-trace";

/** The parts of an SDK's tracer provider that have no public name: of the 3.x line, and of 2.x where it differs. */
interface ProviderInternals {
  readonly _activeSpanProcessor?: { readonly _spanProcessors?: SpanProcessor[] };
  readonly _tracerOptions?: Sampling;
  readonly _config?: Sampling;
  readonly _tracers?: ReadonlyMap<string, { _sampler?: Sampler }>;
}

interface Sampling {
  sampler?: Sampler;
}

/**
 * Makes a span processor see the spans of a tracer provider that somebody else has built, those among them that are not
 * sampled too: they are recorded and still exported nowhere. The SDK has no public way to add a processor, so this is
 * guarded; `false` when the provider is not as expected.
 */
export function joinSpanProcessor(provider: unknown, processor: SpanProcessor): boolean {
  const known = provider as ProviderInternals | undefined;
  const processors = known?._activeSpanProcessor?._spanProcessors;
  if (known === undefined || !Array.isArray(processors)) {
    diag.warn(
      "otel-forecast: the tracer provider of the application is not an SDK's that is known; left alone, its spans are not seen",
    );
    return false;
  }
  if (processors.includes(processor)) return true;
  processors.push(processor);
  recordAll(known);
  return true;
}

/** An exporter takes sampled spans alone, so that those which are recorded besides go nowhere. */
function recordAll({ _tracerOptions, _config, _tracers }: ProviderInternals): void {
  const sampling = _tracerOptions ?? _config;
  const plain = sampling?.sampler;
  if (sampling === undefined || !isSampler(plain)) {
    diag.warn("otel-forecast: of the application's spans, only those that are sampled are counted");
    return;
  }
  const recording = createAlwaysRecordSampler(plain);
  sampling.sampler = recording;
  for (const tracer of _tracers?.values() ?? []) if (tracer._sampler === plain) tracer._sampler = recording;
}

function isSampler(sampler: unknown): sampler is Sampler {
  return typeof (sampler as Sampler | undefined)?.shouldSample === "function";
}

import type { Attributes } from "@opentelemetry/api";
import { isCount, type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { readProperty } from "../../core/error-type.ts";
import {
  AI_SDK,
  CACHE_WRITE_TOKENS,
  CACHED_INPUT_TOKENS,
  EARLIER,
  INPUT_TOKENS,
  OPEN_INFERENCE,
  OPEN_LLMETRY,
  OUTPUT_TOKENS,
  PROVIDER_NAME,
  RESEND_COUNT,
  TIME_TO_FIRST_CHUNK,
  UNOFFICIAL,
} from "../../otel/semconv.ts";

const CACHED = [
  CACHED_INPUT_TOKENS,
  ...UNOFFICIAL.cachedTokens,
  ...AI_SDK.cachedTokens,
  OPEN_INFERENCE.cachedTokens,
];
const WRITTEN = [
  CACHE_WRITE_TOKENS,
  ...UNOFFICIAL.cacheWriteTokens,
  AI_SDK.cacheWriteTokens,
  OPEN_INFERENCE.cacheWriteTokens,
];
const INPUT = [INPUT_TOKENS, EARLIER.promptTokens, OPEN_INFERENCE.promptTokens, AI_SDK.embeddedTokens];
/** Longer metadata is not parsed. */
const MAX_METADATA = 20_000;
/** Providers whose own count of the input leaves the cache out. */
const COUNTS_CACHE_APART = /anthropic|bedrock/i;

/**
 * The tokens of a model call, by any of the names that instrumentations have for them.
 *
 * @param scope the name of the instrumentation.
 */
export function usageOf(attributes: Attributes, scope: string | undefined): TokenUsage | undefined {
  const input = tokens(attributes, ...INPUT);
  const output = tokens(attributes, OUTPUT_TOKENS, EARLIER.completionTokens, OPEN_INFERENCE.completionTokens);
  const metadata = byMetadata(attributes);
  const cached = tokens(attributes, ...CACHED) ?? metadata.cached ?? 0;
  const written = tokens(attributes, ...WRITTEN) ?? metadata.written ?? 0;
  const ofCache = cached + written;
  const isApart = ofCache > 0 && (ofCache > (input ?? 0) || leavesCacheOut(attributes, scope));
  return tokenUsage(isApart ? (input ?? 0) + ofCache : input, output, cached, written);
}

/** The time to the first part of a streamed answer, if the span has it. */
export function firstPartOf(attributes: Attributes): { readonly firstPartSeconds?: number } {
  const { [TIME_TO_FIRST_CHUNK]: seconds, [AI_SDK.millisToFirstChunk]: millis } = attributes;
  if (isCount(seconds)) return { firstPartSeconds: seconds };
  return isCount(millis) ? { firstPartSeconds: millis / 1000 } : {};
}

/** The first of these attributes that is a text. */
export function text(attributes: Attributes, ...keys: string[]): string | undefined {
  for (const key of keys) {
    const value = attributes[key];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return undefined;
}

function tokens(attributes: Attributes, ...keys: readonly string[]): number | undefined {
  return keys.map((key) => attributes[key]).find(isCount);
}

/** How often the request of a model call was sent again. */
export function resendsOf(attributes: Attributes): { resends?: number } {
  const resends = attributes[RESEND_COUNT];
  return isCount(resends) ? { resends: Math.trunc(resends) } : {};
}

/**
 * Whether an instrumentation passes on a count of the input that leaves the cache out, against the
 * conventions. The instrumentation of OpenLLMetry for Anthropic does, and AI SDK 5.
 */
function leavesCacheOut(attributes: Attributes, scope: string | undefined): boolean {
  if (scope === OPEN_LLMETRY.anthropicScope) return true;
  if (text(attributes, AI_SDK.operationId) === undefined) return false;
  const provider = text(attributes, PROVIDER_NAME, EARLIER.system) ?? "";
  return COUNTS_CACHE_APART.test(provider) && attributes[AI_SDK.plainTokens] === undefined;
}

/** Tokens of a provider's cache. */
interface CacheTokens {
  readonly cached?: number | undefined;
  readonly written?: number | undefined;
}

/**
 * The tokens of the cache in the metadata of AI SDK 5. Its `generateText` has them nowhere else, and
 * each provider reports them under names of its own.
 */
function byMetadata(attributes: Attributes): CacheTokens {
  const json = attributes[AI_SDK.providerMetadata];
  if (typeof json !== "string" || json.length > MAX_METADATA || !/cache/i.test(json)) return {};
  try {
    const metadata: unknown = JSON.parse(json);
    const first = (...paths: readonly string[]): number | undefined =>
      paths.map((path) => path.split(".").reduce(readProperty, metadata)).find(isCount);
    return {
      cached: first(
        "anthropic.usage.cache_read_input_tokens",
        "google.usageMetadata.cachedContentTokenCount",
        "deepseek.promptCacheHitTokens",
      ),
      written: first("anthropic.cacheCreationInputTokens", "bedrock.usage.cacheWriteInputTokens"),
    };
  } catch {
    return {};
  }
}

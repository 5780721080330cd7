import { MalformedMessage, MessageReader } from "./message-reader.ts";

/** How a matcher compares, by its number in prompb/types.proto. */
const COMPARISONS = ["=", "!=", "=~", "!~"] as const;

/** A condition on a label. A regular expression has to match the whole value. */
export interface LabelMatcher {
  readonly comparison: (typeof COMPARISONS)[number];
  readonly name: string;
  readonly value: string;
}

/** What the asker will do with the samples. */
export interface ReadHints {
  /** The step of the query, in milliseconds; 0: an instant. */
  readonly stepMillis: number;
  /** The function around the selector, such as `max_over_time`. */
  readonly func: string;
  readonly startMillis: number;
  readonly endMillis: number;
  readonly grouping: readonly string[];
  readonly isBy: boolean;
  readonly rangeMillis: number;
}

/** Which samples are asked for. Both times are epoch milliseconds and belong to the range. */
export interface ReadQuery {
  readonly startMillis: number;
  readonly endMillis: number;
  readonly matchers: readonly LabelMatcher[];
  readonly hints: ReadHints | undefined;
}

/** The content of a request of Prometheus's remote read. */
export interface ReadRequest {
  readonly queries: readonly ReadQuery[];
  /** Whether the asker understands whole samples. */
  readonly acceptsSamples: boolean;
}

/** The fields of `ReadRequest` and `Query` in prompb/remote.proto. */
const QUERIES = 1;
const ACCEPTED_TYPES = 2;
const SAMPLES_TYPE = 0;
/** The most queries, matchers and hints: each query is asked of all series. */
const MAX_PARTS = 10_000;
const START = 1;
const END = 2;
const MATCHERS = 3;
const HINTS = 4;
/** The fields of `LabelMatcher` in prompb/types.proto. */
const COMPARISON = 1;
const NAME = 2;
const VALUE = 3;
/** The fields of `ReadHints` in prompb/types.proto. */
const HINT_STEP = 1;
const HINT_FUNC = 2;
const HINT_START = 3;
const HINT_END = 4;
const HINT_GROUPING = 5;
const HINT_BY = 6;
const HINT_RANGE = 7;

/**
 * Reads a `ReadRequest`.
 *
 * Format: https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/
 *
 * @throws MalformedMessage if the bytes are no such message.
 */
export function readReadRequest(bytes: Uint8Array): ReadRequest {
  const queries: ReadQuery[] = [];
  let namesTypes = false;
  let namesSamples = false;
  const message = new MessageReader(bytes, MAX_PARTS);
  while (message.next()) {
    if (message.field === QUERIES) queries.push(message.inside(readQuery));
    else if (message.field === ACCEPTED_TYPES) {
      const types = message.ints();
      namesTypes ||= types.length > 0;
      namesSamples ||= types.includes(SAMPLES_TYPE);
    }
  }
  // Who names no type is older than the types.
  return { queries, acceptsSamples: !namesTypes || namesSamples };
}

function readQuery(message: MessageReader): ReadQuery {
  const times = { startMillis: 0, endMillis: 0 };
  const matchers: LabelMatcher[] = [];
  let hints: ReadHints | undefined;
  while (message.next()) {
    switch (message.field) {
      case START:
        times.startMillis = message.int();
        break;
      case END:
        times.endMillis = message.int();
        break;
      case MATCHERS:
        matchers.push(message.inside(readMatcher));
        break;
      case HINTS:
        hints = message.inside(readHints);
        break;
      default:
    }
  }
  return { ...times, matchers, hints };
}

function readMatcher(message: MessageReader): LabelMatcher {
  let comparison = 0;
  let name = "";
  let value = "";
  while (message.next()) {
    if (message.field === COMPARISON) comparison = message.int();
    else if (message.field === NAME) name = message.text();
    else if (message.field === VALUE) value = message.text();
  }
  const known = COMPARISONS[comparison];
  if (known === undefined)
    throw new MalformedMessage(`a matcher has the type ${comparison}, expected 0 to 3`);
  return { comparison: known, name, value };
}

function readHints(message: MessageReader): ReadHints {
  const numbers = { stepMillis: 0, startMillis: 0, endMillis: 0, rangeMillis: 0 };
  const grouping: string[] = [];
  let func = "";
  let isBy = false;
  while (message.next()) {
    switch (message.field) {
      case HINT_STEP:
        numbers.stepMillis = message.int();
        break;
      case HINT_FUNC:
        func = message.text();
        break;
      case HINT_START:
        numbers.startMillis = message.int();
        break;
      case HINT_END:
        numbers.endMillis = message.int();
        break;
      case HINT_GROUPING:
        grouping.push(message.text());
        break;
      case HINT_BY:
        isBy = message.int() !== 0;
        break;
      case HINT_RANGE:
        numbers.rangeMillis = message.int();
        break;
      default:
    }
  }
  return { ...numbers, func, grouping, isBy };
}

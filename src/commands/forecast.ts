import { fitModel } from "../forecast/fit-model.ts";
import { isMethodName, methodNames } from "../forecast/fit-options.ts";
import { boundsOfUnknown } from "../forecast/natural-bounds.ts";
import { gateFor } from "../weights/gate-for.ts";
import { warnOnStandardError } from "./endings.ts";
import { BadRequest, type ForecastRequest, parseRequest } from "./forecast/request.ts";
import { roundedPath } from "./forecast/rounded-path.ts";

/** The maximum length of a request: the most values that one can have, in 32 characters each. */
export const MAX_LINE_LENGTH = 2 ** 25;

/** The options of `otel-forecast forecast`. */
export interface ForecastCommandOptions {
  /** Default `auto`. */
  readonly method?: string | undefined;
  /** Monotonic milliseconds, for the `ms` of an answer. */
  readonly now: () => number;
}

/**
 * `otel-forecast forecast`: reads JSON requests line by line and writes one JSON answer for each,
 * in order, until the input ends. A request that cannot be answered gets
 * `{"id":...,"error":"..."}`. An empty line is skipped. Lines have no line endings. A
 * line that was too long to be kept is `undefined`.
 *
 * @throws RangeError before the first line when there is no such method.
 */
export async function forecastCommand(
  input: AsyncIterable<string | undefined>,
  write: (line: string) => void | Promise<void>,
  options: ForecastCommandOptions,
): Promise<void> {
  const method = options.method ?? "auto";
  if (!isMethodName(method)) {
    throw new RangeError(`unknown method "${method}": expected one of ${methodNames.join(", ")}`);
  }
  for await (const line of input) {
    if (line === undefined) await write(JSON.stringify({ id: null, error: TOO_LONG }));
    else if (line.trim() !== "") await write(JSON.stringify(answerLine(line, method, options.now)));
  }
}

const TOO_LONG = `line is longer than ${MAX_LINE_LENGTH} characters: expected a shorter one`;

function answerLine(line: string, method: string, now: () => number): object {
  try {
    return answer(parseRequest(line), method, now);
  } catch (error) {
    return { id: error instanceof BadRequest ? error.id : null, error: (error as Error).message };
  }
}

function answer(request: ForecastRequest, method: string, now: () => number): object {
  const { id, horizon, isTotal, ...history } = request;
  const startedAt = now();
  const result = fitModel(history, {
    method,
    gate: gateFor(method, { warn: warnOnStandardError }),
    isTotal,
    horizonSteps: horizon,
    bounds: boundsOfUnknown(method, history.values),
  });
  if (result.state === "failed") return { id, error: result.reason };
  if (result.state === "warming-up") {
    const { missingPoints } = result;
    return {
      id,
      error: `warming up: ${missingPoints} more ${missingPoints === 1 ? "point" : "points"} needed`,
    };
  }
  const path = roundedPath(result.model.predict(horizon));
  const ms = now() - startedAt;
  return {
    id,
    mean: Array.from(path.mean),
    lo80: Array.from(path.lower80),
    hi80: Array.from(path.upper80),
    lo95: Array.from(path.lower95),
    hi95: Array.from(path.upper95),
    method: result.model.method,
    ms: Math.round(ms * 1000) / 1000,
  };
}

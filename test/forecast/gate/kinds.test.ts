import { expect, it } from "vitest";
import { errorsOf, HORIZONS, knownKinds, knownSeries } from "../../../bench/accuracy/known-kinds.ts";
import { randomFrom } from "../../harness/random-from.ts";

/** A bound for each kind and horizon. What 120 series give is in docs/accuracy.md. */
const AT_MOST = 1.12;

it.each(Object.entries(knownKinds))("%s is not forecast much worse by learned than by auto", (_, kind) => {
  const series = Array.from({ length: 40 }, (_, seed) => knownSeries(kind, randomFrom(seed + 1)));
  const auto = errorsOf(series, "auto");
  const learned = errorsOf(series, "learned");
  for (const [index] of HORIZONS.entries())
    expect((learned[index] as number) / (auto[index] as number)).toBeLessThan(AT_MOST);
});

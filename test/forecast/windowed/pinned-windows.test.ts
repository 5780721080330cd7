import { expect, it } from "vitest";
import { randomFrom } from "../../harness/random-from.ts";
import { SimulatedWindow, STEP_SECONDS } from "./simulated-window.ts";

/**
 * Recorded forecasts of numbers over a window, not known answers. When you change a constant on purpose,
 * check the benchmark and update the snapshot (`vitest -u`).
 */
const KEPT = [2, 12, 31, 60, 119];
const HORIZONS = [60, 600];

it.each([
  ["rate", 1],
  ["rate", 0.2],
  ["ratio", 1],
  ["ratio", 0.2],
] as const)("a %s, whose history has an error of %d, is forecast as it was", (kind, errorOfHistory) => {
  const random = randomFrom(7);
  const window = new SimulatedWindow(kind, 300);
  const forecaster = window.forecaster({ lower: 0 });
  const digits = (value: number): number => Number(value.toPrecision(7));
  const said: string[] = [];
  for (let step = 0; step < 120; step += 1) {
    // A pause, and a level that is new.
    const after = step === 40 ? 90 : STEP_SECONDS;
    const tasks = Array.from({ length: 20 }, () => Number(random() < (step < 80 ? 0.1 : 0.5)));
    window.collect(
      tasks.reduce((sum, one) => sum + one, 0),
      20,
      after,
    );
    const { value } = window;
    forecaster.take({ at: window.millis, value });
    for (const horizon of HORIZONS) {
      const mean = value + 0.1 * Math.sin(step);
      const byHistory = {
        ...{ mean, lower80: mean - 0.2, upper80: mean + 0.1 },
        ...{ lower95: mean - 0.3, upper95: mean + 0.2 },
      };
      const made = forecaster.forecast(horizon, byHistory, errorOfHistory);
      if (!KEPT.includes(step)) continue;
      const bounds = [made.lower95, made.lower80, made.mean, made.upper80, made.upper95].map(digits);
      const error = forecaster.errorVersusNaive(horizon);
      said.push(
        `${horizon} s: ${bounds.join(" ")}, ${forecaster.method(horizon)}, ${error && digits(error)}`,
      );
    }
  }
  expect(said).toMatchSnapshot();
});

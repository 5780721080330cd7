import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitScalability } from "../../src/math/scalability-law.ts";
import { studentQuantile } from "../../src/math/student-quantile.ts";
import { scalableThroughput } from "./scalable-throughput.ts";

/**
 * Queries per second of a MySQL server on a Cisco UCS machine with 1 to 32 threads, and the
 * nonlinear least squares fit of R: B. Schwartz, "Practical Scalability Analysis with the Universal
 * Scalability Law" (VividCortex, 2015).
 */
const CISCO = [
  955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7,
  9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63, 11806,
  12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
].map((throughput, index) => ({ concurrency: index + 1, throughput }));

/** A deterministic number from -1 to 1 for each index. */
const wobble = (index: number, seed: number): number =>
  2 * ((Math.abs(Math.sin(index * 12.9898 + seed)) * 43758.5453) % 1) - 1;

describe("the Universal Scalability Law", () => {
  it("agrees with a published benchmark", () => {
    const fit = fitScalability(CISCO);
    expect(fit?.lambda.value).toBeCloseTo(995.6486, 3);
    expect(fit?.contention.value).toBeCloseTo(0.02671591, 7);
    expect(fit?.coherence.value).toBeCloseTo(7.690945e-4, 8);
    expect(fit?.peak?.value).toBeCloseTo(Math.sqrt((1 - 0.02671591) / 7.690945e-4), 3);
    expect(fit?.explained).toBeCloseTo(0.9972, 3);
  });

  /**
   * R 4, `nls` with the data above and weights `w`; the error of the peak by the delta method:
   * `g = c(0, -peak / (2 * (1 - s)), -peak / (2 * k)); sqrt(t(g) %*% vcov(fit) %*% g)`.
   */
  it.for([
    ["w = 1", undefined, [28.6983567, 4.49382647e-3, 8.64544346e-5, 1.92411636]],
    ["w = 1 / throughput", (it: number) => 1 / it, [19.0263426, 3.32767294e-3, 7.60763614e-5, 1.53739541]],
  ] as const)("has the standard errors of R, with %s", ([, weightOf, errors]) => {
    const fit = fitScalability(
      CISCO.map((point) => (weightOf ? { ...point, weight: weightOf(point.throughput) } : point)),
    );
    const found = [fit?.lambda, fit?.contention, fit?.coherence, fit?.peak].map((it) => it?.standardError);
    errors.forEach((error, i) => {
      expect((found[i] ?? 0) / error).toBeCloseTo(1, 4);
    });
    expect(fit?.degreesOfFreedom).toBe(29);
  });

  it("recovers the parameters of generated data", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 1e4, noNaN: true }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.double({ min: 1e-4, max: 0.02, noNaN: true }),
        (lambda, sigma, kappa) => {
          const points = [1, 2, 4, 8, 16, 24, 32, 48].map((concurrency) => ({
            concurrency,
            throughput: scalableThroughput(concurrency, { lambda, sigma, kappa }),
          }));
          const fit = fitScalability(points);
          expect((fit?.lambda.value ?? 0) / lambda).toBeCloseTo(1, 4);
          expect(fit?.contention.value).toBeCloseTo(sigma, 4);
          expect((fit?.coherence.value ?? 0) / kappa).toBeCloseTo(1, 2);
        },
      ),
    );
  });

  it("is within three standard errors of the truth under noise, almost always", () => {
    const truth = { lambda: 100, sigma: 0.08, kappa: 0.002 };
    let held = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const points = Array.from({ length: 20 }, (_, index) => {
        const concurrency = 1 + index * 2;
        const exact = scalableThroughput(concurrency, truth);
        return { concurrency, throughput: exact * (1 + 0.05 * wobble(index, seed)), weight: 1 / exact ** 2 };
      });
      const fit = fitScalability(points);
      const { value, standardError } = fit?.coherence ?? { value: 0, standardError: 0 };
      if (Math.abs(value - truth.kappa) <= 3 * standardError) held += 1;
    }
    expect(held).toBeGreaterThan(190);
  });

  it("has no peak without coherence costs", () => {
    const at = (sigma: number) =>
      [1, 2, 4, 8, 16, 32].map((concurrency) => ({
        concurrency,
        throughput: scalableThroughput(concurrency, { lambda: 10, sigma, kappa: 0 }),
      }));
    for (const sigma of [0.1, 0]) {
      const fit = fitScalability(at(sigma));
      expect(fit?.contention.value).toBeCloseTo(sigma, 6);
      expect(fit?.peak === undefined || fit.peak.value > 1000).toBe(true);
    }
  });

  it("has no peak where more at once have only ever done less", () => {
    const fit = fitScalability(
      [1, 2, 4, 8, 16, 24].map((concurrency) => ({
        concurrency,
        throughput: scalableThroughput(concurrency, { lambda: 100, sigma: 1.2, kappa: 0.01 }),
      })),
    );
    expect([fit?.contention.value, fit?.coherence.value]).toEqual([
      expect.closeTo(1.2, 6),
      expect.closeTo(0.01, 6),
    ]);
    expect(fit?.peak).toBeUndefined();
  });

  it("gives no negative estimates for data that rise too fast", () => {
    const fit = fitScalability([1, 2, 4, 8, 16].map((n) => ({ concurrency: n, throughput: n ** 1.2 })));
    expect(fit?.contention.value).toBeGreaterThanOrEqual(0);
    expect(fit?.coherence.value).toBeGreaterThanOrEqual(0);
  });

  it("gives the better of two estimates where both at once would be negative", () => {
    const fitOf = (sigma: number, kappa: number) =>
      fitScalability(
        [1, 2, 4, 8, 16, 24].map((concurrency) => ({
          concurrency,
          throughput: scalableThroughput(concurrency, { lambda: 100, sigma, kappa }),
        })),
      );
    const ofPairs = fitOf(-0.005, 0.01);
    expect(ofPairs?.contention.value).toBe(0);
    expect(ofPairs?.coherence.value).toBeGreaterThan(0.005);
    const ofWaiting = fitOf(0.1, -0.0005);
    expect(ofWaiting?.contention.value).toBeGreaterThan(0.05);
    expect(ofWaiting?.coherence.value).toBe(0);
    expect(ofWaiting?.peak).toBeUndefined();
  });

  it("needs four points", () => {
    expect(fitScalability(CISCO.slice(0, 3))).toBeUndefined();
  });
});

/** R 4: qt(0.9, c(3, 5, 10, 30)). */
it.for([
  [3, 1.637744],
  [5, 1.475884],
  [10, 1.372184],
  [30, 1.310415],
] as const)("Student's t with %d degrees of freedom", ([degrees, quantile]) => {
  expect(studentQuantile(0.9, degrees) / quantile).toBeCloseTo(1, 2);
});

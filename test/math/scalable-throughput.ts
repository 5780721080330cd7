/**
 * The Universal Scalability Law: throughput at a concurrency N, lambda N / (1 + sigma (N - 1) +
 * kappa N (N - 1)).
 */
export function scalableThroughput(
  concurrency: number,
  { lambda, sigma, kappa }: { lambda: number; sigma: number; kappa: number },
): number {
  const n = concurrency;
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

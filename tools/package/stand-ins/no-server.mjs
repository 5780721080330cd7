/** Stands for the server of OpenTelemetry's Prometheus exporter, which is used as a reader alone. */
export function createServer() {
  const server = { unref: () => server, close: (closed) => closed() };
  return server;
}

export default process.env.BUNDLED === undefined ? { serverExternalPackages: ["otel-forecast"] } : {};

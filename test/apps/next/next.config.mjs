export default { serverExternalPackages: ["otel-forecast"] };

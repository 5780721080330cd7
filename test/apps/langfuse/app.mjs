import { LangfuseSpanProcessor } from "@langfuse/otel";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { work } from "./shared/work.mjs";

const langfuse = new LangfuseSpanProcessor({
  baseUrl: process.env.SINK,
  publicKey: "pk",
  secretKey: "sk",
  shouldExportSpan: () => true,
});
const sdk = new NodeSDK({ spanProcessors: [langfuse], metricReaders: [] });
sdk.start();
await work(() => sdk.shutdown());

import { metrics } from "@opentelemetry/api";

export const dynamic = "force-dynamic";

export function GET() {
  metrics.getMeter("shop").createCounter("shop.orders").add(1);
  return new Response("taken");
}

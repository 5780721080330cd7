// An app that knows nothing of OpenTelemetry: its agent is told of by this package alone.
import { instrument } from "otel-forecast";
import { seen } from "./shared/seen.mjs";

const planner = instrument("planner", { plan: async () => "a plan" });
for (let unit = 0; unit < Number(process.env.UNITS); unit += 1) await planner.plan();
await seen();

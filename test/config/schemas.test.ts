import * as v from "valibot";
import { expectTypeOf, it } from "vitest";
import type { AlertingEntries } from "../../src/alerts/entries.ts";
import { alertingSchemas } from "../../src/config/alerting/entry-schemas.ts";
import type { ThresholdOption } from "../../src/config/options.ts";
import type { Accepted, threshold } from "../../src/config/schema.ts";
import type { viewOption } from "../../src/config/view-schema.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";

const alerting = v.strictObject(alertingSchemas);

// `npm run types` checks these. A key that is missing in the schema or in the documented type does
// not compile.
it("the schema of a view accepts exactly what the type of a view allows", () => {
  expectTypeOf<Accepted<typeof viewOption>>().toEqualTypeOf<ForecastView>();
});

it("the schemas of alerts, actions and maintenance accept exactly what their types allow", () => {
  expectTypeOf<Accepted<typeof alerting>>().toEqualTypeOf<AlertingEntries>();
});

it("the schema of a threshold accepts exactly what its type allows", () => {
  expectTypeOf<Accepted<typeof threshold>>().toEqualTypeOf<ThresholdOption>();
});

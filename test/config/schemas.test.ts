import * as v from "valibot";
import { expect, expectTypeOf, it } from "vitest";
import type { AlertingEntries } from "../../src/alerts/entries.ts";
import { alertingSchemas } from "../../src/config/alerting/entry-schemas.ts";
import type { ThresholdOption } from "../../src/config/options.ts";
import { type Accepted, threshold } from "../../src/config/schema.ts";
import { viewOption } from "../../src/config/view-schema.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";

const alerting = v.strictObject(alertingSchemas);

// `npm run types` checks the types. A key that is missing in the schema or in the documented type
// does not compile. The tests also run: no schema accepts a key that it does not
// know.
it("the schema of a view accepts exactly what the type of a view allows", () => {
  expectTypeOf<Accepted<typeof viewOption>>().toEqualTypeOf<ForecastView>();
  const output = { name: "n", number: "level", isPublished: true, isForecast: true } as const;
  const view: ForecastView = { instruments: ["m"], by: "all", outputs: [output] };
  expect(v.is(viewOption, view)).toBe(true);
  expect(v.is(viewOption, { ...view, colour: "red" })).toBe(false);
});

it("the schemas of alerts, actions and maintenance accept exactly what their types allow", () => {
  expectTypeOf<Accepted<typeof alerting>>().toEqualTypeOf<AlertingEntries>();
  expect(v.is(alerting, {})).toBe(true);
  expect(v.is(alerting, { alert: [] })).toBe(false);
});

it("the schema of a threshold accepts exactly what its type allows", () => {
  expectTypeOf<Accepted<typeof threshold>>().toEqualTypeOf<ThresholdOption>();
  expect(v.is(threshold, { above: 1 })).toBe(true);
  expect(v.is(threshold, { above: 1, below: 0 })).toBe(false);
});

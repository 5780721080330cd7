import type { ForecastView } from "./forecast-view.ts";
import { viewsOfOthers } from "./view-parts.ts";

/** What this package publishes elsewhere: a forecast is never forecast again. */
const FORECASTS = ["*_predicted", "*_predicted_lower", "*_predicted_upper", "forecast_*", "forecast.*"];

/**
 * The views that apply to what other processes send, without any configuration. Of thousands of
 * series only the predicted values are published, unless a threshold or an alert asks for more.
 */
export function gatewayViews(): ForecastView[] {
  const views = viewsOfOthers({ except: FORECASTS, exceptScopes: ["otel-forecast*"] });
  return views.map((view) => ({ ...view, publish: ["predicted"] }));
}

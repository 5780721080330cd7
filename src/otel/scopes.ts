/** Instrumentation scopes of our own instruments and of what we publish. */
export const TASK_SCOPE = "otel-forecast/agents";
export const PROCESS_SCOPE = "otel-forecast/process";
export const RECORDED_SCOPE = "otel-forecast/recorded";
export const SELF_SCOPE = "otel-forecast/self";
export const GENAI_SCOPE = "otel-forecast/gen-ai";
export const HTTP_SCOPE = "otel-forecast/http";
export const FORECAST_SCOPE = "otel-forecast";

/** The instrumentation scope of the metrics that we publish, and the prefix of all our scopes. */
export const FORECAST_SCOPE = "otel-forecast";
/** The tasks, failures, tokens and cost of agents. */
export const TASK_SCOPE = "otel-forecast/agents";
/** The calls of the runs of agents. */
export const RUN_SCOPE = "otel-forecast/runs";
/** What everything used today: agents that are gone and those of members included. */
export const TODAY_SCOPE = "otel-forecast/today";
/** What is measured of the machine and of the process. */
export const PROCESS_SCOPE = "otel-forecast/process";
/** What is measured of the host by the names of the conventions. It is published, but not forecast. */
export const HOST_SCOPE = "otel-forecast/host";
/** What is measured of the JavaScript runtime of this thread: its heap and its event loop. */
export const RUNTIME_SCOPE = "otel-forecast/runtime";
/** Numbers that the application measures and records itself. */
export const RECORDED_SCOPE = "otel-forecast/recorded";
/** The metrics of the forecaster itself, and of its actions. */
export const SELF_SCOPE = "otel-forecast/self";
/** The metrics of the GenAI conventions. */
export const GENAI_SCOPE = "otel-forecast/gen-ai";
/** The requests that the process serves by HTTP/1. */
export const HTTP_SCOPE = "otel-forecast/http";
/** The requests that the process serves by HTTP/2, which other instrumentations may not see. */
export const HTTP2_SCOPE = "otel-forecast/http2";

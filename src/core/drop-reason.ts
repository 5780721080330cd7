/** The reason why a record was dropped. Each is a value of `forecast_skipped_total{reason}`. */
export type DropReason =
  | "not_finite"
  | "negative"
  | "out_of_range"
  | "empty_name"
  | "not_a_string"
  | "not_a_boolean"
  | "max_agents"
  | "max_open_tasks"
  | "duplicate_task"
  | "unknown_task"
  | "duplicate_failure"
  | "unknown_failure"
  | "already_recovered"
  | "max_open_failures";

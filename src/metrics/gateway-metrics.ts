import { counter, gauge } from "./own-metric.ts";

/** The metrics of a gateway about itself. */
export const GATEWAY_METRICS = {
  received: counter("forecast.gateway.received", {
    labels: ["receiver"],
    description: "Points that a receiver or a source has taken",
  }),
  refused: counter("forecast.gateway.refused", {
    labels: ["receiver", "reason"],
    description: "Points or requests that a receiver has refused, by reason",
  }),
  dropped: counter("forecast.gateway.dropped", {
    labels: ["reason"],
    description: "Points that were taken and then left out, by reason",
  }),
  streams: gauge("forecast.gateway.streams", {
    description: "Streams that are known: attribute sets of metrics of all senders",
  }),
  backfillPending: gauge("forecast.gateway.backfill_pending", {
    description: "Series whose past is still to be asked for",
  }),
  oldestForecastAge: gauge("forecast.gateway.oldest_forecast_age", {
    unit: "s",
    description: "Time since the series that was forecast the longest time ago was forecast",
  }),
  lastReloadSuccessful: gauge("forecast.gateway.config_last_reload_successful", {
    description: "1 if the configuration file could be used when it was read last, else 0",
  }),
  lastReloadSuccess: gauge("forecast.gateway.config_last_reload_success_timestamp", {
    unit: "s",
    description: "When the configuration file was read for the last time and could be used",
  }),
  stateBytes: gauge("forecast.gateway.state", {
    unit: "By",
    description: "Size of the state on disk",
  }),
  kafkaLag: gauge("forecast.gateway.kafka_lag", {
    labels: ["partition"],
    description: "Records of a partition that is assigned to the gateway which are not read yet",
  }),
  kafkaRecords: counter("forecast.gateway.kafka_records", {
    description: "Records that were read from Kafka",
  }),
  kafkaCommits: counter("forecast.gateway.kafka_commits", {
    description: "Times that offsets were committed to Kafka, each after the state was saved",
  }),
  kafkaRebalances: counter("forecast.gateway.kafka_rebalances", {
    description: "Times that the partitions were distributed among the members of the group",
  }),
} as const;

import { describe, expect, it } from "vitest";
import { inHumanUnits, inUnitsOf, inWords, quantityOf, whenInWords } from "../../src/advice/human-units.ts";

describe("quantityOf", () => {
  it.each([
    ["ai_cloud_memory_usage_percent", "", "percent"],
    ["anything", "%", "percent"],
    ["system_network_io_bytes_per_second", "", "bytes-per-second"],
    ["anything", "By/s", "bytes-per-second"],
    ["process_memory_usage_bytes", "By", "bytes"],
    ["ai_cloud_task_success_rate", "", "share"],
    ["ai_cloud_failure_rate", "", "share"],
    ["system_error_rate", "", "share"],
    ["process_cpu_utilization_ratio", "1", "share"],
    ["system_request_rate", "", "per-second"],
    ["system_throughput", "", "per-second"],
    ["ai_cloud_completed_tasks_per_second", "", "per-second"],
    ["ai_cloud_latency_p95_seconds", "s", "duration"],
    ["ai_cloud_latency_p95", "s", "duration"],
    ["ai_cloud_active_tasks", "{task}", "number"],
    ["monthly_bill", "USD", "usd"],
  ])("%s of unit '%s' is a %s", (name, unit, quantity) => {
    expect(quantityOf(name, unit)).toBe(quantity);
  });
});

describe("inHumanUnits", () => {
  it.each([
    [61.27, "percent", "61.3%"],
    [0.9234, "share", "92.3%"],
    [0.0042, "share", "0.42%"],
    [0.35, "duration", "350 ms"],
    [0.00025, "duration", "250 µs"],
    [12.34, "duration", "12.3 s"],
    [0.9996, "duration", "1 s"],
    [59.97, "duration", "1 min"],
    [90, "duration", "1 min 30 s"],
    [120, "duration", "2 min"],
    [3599.7, "duration", "1 h"],
    [3900, "duration", "1 h 5 min"],
    [7200, "duration", "2 h"],
    [86_370, "duration", "1 day"],
    [100_000, "duration", "1 day 4 h"],
    [30 * 86_400, "duration", "30 days"],
    [110 * 86_400 + 18_000, "duration", "110 days 5 h"],
    [120 * 86_400 + 18_000, "duration", "120 days"],
    [-90, "duration", "-1 min 30 s"],
    [0, "duration", "0 s"],
    [1e-9, "duration", "0.001 µs"],
    [512, "bytes", "512 B"],
    [1023.7 * 1024, "bytes", "1 MiB"],
    [1288490189, "bytes", "1.2 GiB"],
    [-2048, "bytes", "-2 KiB"],
    [0, "bytes", "0 B"],
    [3.5 * 1024 ** 2, "bytes-per-second", "3.5 MiB/s"],
    [12.5, "per-second", "12.5 per second"],
    [12.5, "usd", "12.5 USD"],
    [2.7e-15, "percent", "0%"],
    [9.5e-10, "percent", "0%"],
    [-9.5e-10, "percent", "0%"],
    [1.04e-9, "percent", "1.04e-9%"],
    [999.4e12, "number", "999 trillion"],
    [1e15, "number", "1e+15"],
    [-0, "number", "0"],
    [1.0000000001, "number", "1"],
    [999_999.6, "number", "1 million"],
    [Number.NaN, "number", "NaN"],
    [1234.5, "number", "1235"],
    [3.456, "number", "3.46"],
    [0, "number", "0"],
    [999_000, "number", "999000"],
    [20_766_500, "number", "20.8 million"],
    [-3_423_500_000, "number", "-3.42 billion"],
    [2.5e20, "number", "2.5e+20"],
  ] as const)("writes %s as a %s: %s", (value, quantity, text) => {
    expect(inHumanUnits(value, quantity)).toBe(text);
  });

  it.each([
    [0.92341, "share", 4, "92.34%"],
    [90.1234, "duration", 4, "1 min 30.12 s"],
    [90.1234, "duration", 5, "1 min 30.123 s"],
    [1234.5, "duration", 4, "20 min 35 s"],
    [12_345, "duration", 4, "3 h 25 min 50 s"],
    [12_345, "duration", 5, "3 h 25 min 45 s"],
    [123_456, "duration", 4, "1 day 10 h 18 min"],
    [1_234_567, "duration", 5, "14 days 6 h 56 min"],
    [1_234_567, "duration", 4, "14 days 7 h"],
    [12_345_678, "duration", 4, "142 days 21 h"],
    [123_456_789, "duration", 4, "1429 days"],
  ] as const)("rounds %d as a %s to %d digits: %s", (value, quantity, digits, text) => {
    expect(inHumanUnits(value, quantity, digits)).toBe(text);
  });
});

describe("inUnitsOf", () => {
  it.each([
    ["{message}", 520, "520 messages"],
    ["{message}", 1, "1 message"],
    ["{query}", 0.5, "0.5 queries"],
    ["{jobs}", 5, "5 jobs"],
    ["{process}", 5, "5 processes"],
    ["{batch}", 3, "3 batches"],
    ["Cel", 21.5, "21.5 Cel"],
    ["{}", 3, "3"],
    ["1", 3, "3"],
    ["", 3, "3"],
    ["s", 3, "3 s"],
  ])("names the unit %s after %d: %s", (unit, value, text) => {
    expect(inUnitsOf({ metricName: "mail_queue_depth", unit }, value)).toBe(text);
  });
});

describe("inWords", () => {
  it.each([
    [0, "1 second"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [2100, "35 minutes"],
    [3600, "1 hour"],
    [59.6, "1 minute"],
    [90, "1.5 minutes"],
    [100, "100 seconds"],
    [1290, "22 minutes"],
    [3599, "1 hour"],
    [4500, "75 minutes"],
    [5500, "1.5 hours"],
    [7140, "119 minutes"],
    [7200, "2 hours"],
    [129_600, "1.5 days"],
    [169_200, "47 hours"],
    [172_800, "2 days"],
    [176_400, "2 days"],
    [16_237, "4.5 hours"],
    [86_400, "1 day"],
    [90_000, "25 hours"],
    [30 * 86_400, "30 days"],
  ])("says %s seconds as %s", (seconds, text) => {
    expect(inWords(seconds)).toBe(text);
  });
});

describe("whenInWords", () => {
  const after = Date.UTC(2026, 10, 23, 11, 40);

  it.each([
    [90, "in about 1.5 minutes"],
    [100, "in about 1.5 minutes"],
    [59.6, "in about 1 minute"],
    [3540, "in about 59 minutes"],
    [3580, "in about 1 hour"],
    [3600, "in about 1 hour, at 12:40 UTC"],
    [86_399, "in about 1 day, at 11:39 UTC"],
    [5 * 3600, "in about 5 hours, at 16:40 UTC"],
    [13 * 3600, "in about 13 hours, at 00:40 UTC"],
    [86_400, "in about 1 day"],
  ])("%d s is %s", (seconds, text) => {
    expect(whenInWords(seconds, after)).toBe(text);
  });
});

import { expect, it } from "vitest";
import { readConfiguration } from "../../../src/config/configuration.ts";
import { gatewayEntries } from "../../../src/config/gateway/gateway-schema.ts";
import { looksLikeGatewayFile } from "../../../src/config/gateway/looks-like-gateway-file.ts";

it.for(Object.keys(gatewayEntries))(
  "a file with the key %s is meant for a gateway, and for no process",
  (key) => {
    for (const content of [`horizons: [1h]\n${key}: {}`, `{"horizons": ["1h"], "${key}": {}}`]) {
      expect(looksLikeGatewayFile(content)).toBe(true);
      expect(() => readConfiguration("forecast.yaml", content)).toThrow(key);
    }
  },
);

it.for([
  "",
  "horizons: [1h]",
  "thresholds:\n  interval: { above: 1 }\n  web: { above: 2 }",
  "toString: 1",
  "- interval",
  "interval",
  "{ broken",
])("%j is not meant for a gateway", (content) => {
  expect(looksLikeGatewayFile(content)).toBe(false);
});

import { expect, it } from "vitest";
import { parseAddress } from "../../../src/config/gateway/address.ts";

it.each([
  ["127.0.0.1:4318", { host: "127.0.0.1", port: 4318 }],
  ["localhost:0", { host: "localhost", port: 0 }],
  ["[::1]:4317", { host: "::1", port: 4317 }],
  [":9464", { host: "::", port: 9464 }],
  ["gateway-0.gateway:4317", { host: "gateway-0.gateway", port: 4317 }],
])("%s is an address", (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

it.each([
  "4318",
  "localhost",
  "localhost:",
  "localhost:65536",
  "::1:4317",
  "http://localhost:4318",
  "a b:1",
  "",
])("%o is none", (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

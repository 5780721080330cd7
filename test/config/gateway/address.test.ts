import { expect, it } from "vitest";
import { mayClash, parseAddress } from "../../../src/config/gateway/address.ts";

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

it.each([
  ["127.0.0.1:4317", "127.0.0.1:4317", true],
  ["0.0.0.0:4317", "127.0.0.1:4317", true],
  ["127.0.0.1:4317", ":4317", true],
  ["127.0.0.1:4317", "127.0.0.1:4318", false],
  ["127.0.0.1:4317", "10.0.0.1:4317", false],
  ["127.0.0.1:0", "127.0.0.1:0", false],
])("%s and %s clash: %s", (one, other, clash) => {
  expect(mayClash(parseAddress(one), parseAddress(other))).toBe(clash);
});

it("nothing clashes with no address", () => {
  expect(mayClash(undefined, parseAddress(":1"))).toBe(false);
  expect(mayClash(parseAddress(":1"), undefined)).toBe(false);
});

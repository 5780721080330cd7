import { expect, it } from "vitest";
import { goDurationMillis } from "../../../src/config/web/go-duration.ts";

it.each([
  [0, 0],
  ["0", 0],
  ["500ms", 500],
  ["1m30s", 90_000],
  ["1.5h", 5_400_000],
  ["3us", 0.003],
  ["7ns", 0.000_007],
  ["8759h59m", 8759 * 3_600_000 + 59 * 60_000],
  ["8760h", undefined],
  ["1", undefined],
  ["1d", undefined],
  ["-1s", undefined],
  ["", undefined],
])("the duration %j has %o milliseconds", (text, millis) => {
  const found = goDurationMillis(text as string | 0);
  expect(found).toBe(millis);
});

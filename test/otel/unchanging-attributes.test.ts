import { expect, it, vi } from "vitest";
import { AttributesHash, unchangingAttributes } from "../../src/otel/unchanging-attributes.ts";

it("attributes that do not change are hashed once, all others each time", () => {
  const hash = vi.fn((attributes: object) => JSON.stringify(attributes));
  const hashes = new AttributesHash(hash);
  const unchanging = unchangingAttributes({ agent: "a" });
  const others = { agent: "b" };
  const recorded = [unchanging, unchanging, others, unchanging].map((it) => hashes.of(it));
  others.agent = "c";
  recorded.push(hashes.of(others));
  expect(recorded).toEqual([...["a", "a", "b", "a", "c"].map((agent) => JSON.stringify({ agent }))]);
  expect(hash).toHaveBeenCalledTimes(3);
});

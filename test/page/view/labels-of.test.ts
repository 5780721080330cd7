import { expect, it } from "vitest";
import type { PageQuery } from "../../../src/page/view/page-query.ts";
import { labelsOf } from "../../../src/page/view/series-view.ts";
import type { ViewNode } from "../../../src/page/view/view-node.ts";
import type { SeriesStatus } from "../../../src/status/answers.ts";

const QUERY = { match: "", search: "queue", page: 3 } as unknown as PageQuery;

function shown(labels: Record<string, string>): readonly ViewNode[] {
  const made = labelsOf({ labels } as unknown as SeriesStatus, QUERY);
  return typeof made === "object" && made !== null && "children" in made ? made.children : [];
}

function textOf(node: ViewNode): string {
  return typeof node === "string" ? node : node.children.map(textOf).join("");
}

it("each label of a series is a link to the series that have it too", () => {
  const nodes = shown({ host: "a", "not plain": "b" });
  expect(nodes.map(textOf)).toEqual(["host=a", "not plain=b"]);
  const [plain, other] = nodes.map((node) => (typeof node === "string" ? "" : (node.attributes.href ?? "")));
  expect(decodeURIComponent(plain ?? "")).toContain('{host="a"}');
  expect(decodeURIComponent(other ?? "")).toContain("search=b");
});

it("of many labels the first twelve are shown, and how many there are besides", () => {
  const labels = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`l${index}`, "x"]));
  const texts = shown(labels).map(textOf);
  expect(texts).toHaveLength(13);
  expect(texts.at(-1)).toBe("and 3 more");
  expect(shown({})).toEqual([]);
});

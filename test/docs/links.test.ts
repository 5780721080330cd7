import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { expect, it } from "vitest";
import { anchorOf, pageAt, pages } from "./pages.ts";

const root = resolve(import.meta.dirname, "../..");

function brokenLinks(path: string, text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? resolve(root, path) : resolve(root, dirname(path), file);
    if (!existsSync(target)) return true;
    if (anchor === undefined || statSync(target).isDirectory()) return false;
    const headings = readFileSync(target, "utf8").matchAll(/^#+ (.*)$/gm);
    return ![...headings].some(([, heading = ""]) => anchorOf(heading) === anchor);
  });
}

it.for(pages)("every link of $path leads somewhere", ({ path, text }) => {
  expect(brokenLinks(path, text)).toEqual([]);
});

it("the index names every page of docs", () => {
  const index = pageAt("docs/README.md").text;
  const others = pages.map(({ path }) => path).filter((path) => /^docs\/(?!README)/.test(path));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter((path) => !index.includes(`](${path.slice("docs/".length)})`))).toEqual([]);
});

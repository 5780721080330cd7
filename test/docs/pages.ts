import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** A page of Markdown with its path from the root of the package. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

function page(path: string): Page {
  return { path, text: readFileSync(resolve(root, path), "utf8") };
}

export const readme = page("README.md");

/** Everything that a user reads: the README, the pages that it links, the READMEs of the examples. */
export const pages: readonly Page[] = [
  readme,
  page("CHANGELOG.md"),
  page("CONTRIBUTING.md"),
  page("SECURITY.md"),
  ...readdirSync(resolve(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => page(`docs/${name}`)),
  ...readdirSync(resolve(root, "examples"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith("README.md"))
    .map((name) => page(`examples/${name}`)),
];

export function pageAt(path: string): Page {
  const found = pages.find((it) => it.path === path);
  if (found === undefined) throw new Error(`there is no page ${path}`);
  return found;
}

/** Fenced blocks of a language. */
export function blocks({ text }: Page, language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , block = ""]) => block);
}

/** Cells of the table rows of a page. */
export function rows({ text }: Page): string[][] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.slice(1, -1).split("|"))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** The part of a page under a heading, up to the next heading of its rank or above. */
export function sectionOf({ path, text }: Page, heading: string): Page {
  const [, rank = ""] = new RegExp(`^(#+) ${heading}$`, "m").exec(text) ?? [];
  if (rank === "") throw new Error(`${path} has no heading "${heading}"`);
  const [, after = ""] = text.split(`${rank} ${heading}\n`);
  const [section = ""] = after.split(new RegExp(`^#{1,${rank.length}} `, "m"));
  return { path, text: section };
}

/** The anchor that a heading is linked by. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

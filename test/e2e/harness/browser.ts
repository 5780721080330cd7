import axe from "axe-core";
import { type Browser, chromium as engine, type Page } from "playwright-core";
import { chromium, pathOf } from "./components.ts";

/** What a browser found wrong with a page. */
export interface Watched {
  readonly page: Page;
  /** Violations of the content security policy, errors of scripts, and errors on the console. */
  readonly faults: string[];
  /** The hosts that were asked for something. */
  readonly hosts: Set<string>;
}

/** How a person looks at a page. */
export interface Look {
  readonly width: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  readonly hasScript?: boolean;
}

/** Starts a Chromium that asks nobody for anything by itself. */
export function startBrowser(): Promise<Browser> {
  return engine.launch({
    executablePath: pathOf(chromium),
    args: ["--no-sandbox", "--disable-background-networking"],
  });
}

/** Opens a page, and notes what is wrong with it. */
export async function look(browser: Browser, url: string, at: Look): Promise<Watched> {
  const { width, height = 900, scheme = "light", hasScript = true } = at;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: scheme,
    javaScriptEnabled: hasScript,
  });
  const watched: Watched = { page, faults: [], hosts: new Set() };
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") watched.faults.push(message.text());
  });
  page.on("pageerror", (error) => watched.faults.push(error.message));
  page.on("dialog", (dialog) => {
    watched.faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol !== "data:") watched.hosts.add(host);
  });
  await page.goto(url);
  return watched;
}

/** The findings of axe on a page, each with the elements that it is about. */
export async function axeFindings(page: Page): Promise<string[]> {
  // The policy of the page allows no script from elsewhere, so it is run as the tools of a developer do.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
  }>("axe.run(document, { resultTypes: ['violations'] })");
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ""}`),
  );
}

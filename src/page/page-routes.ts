import type { IncomingMessage, ServerResponse } from "node:http";
import type { Route } from "../prometheus/answers.ts";
import type { Page } from "./page.ts";
import type { PageParts } from "./page-reader.ts";

type Answering = (page: Page, request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The page at `/`, its events and its files. Nothing of it is loaded before somebody asks for it.
 *
 * @param load makes the page; a test passes its own.
 */
export function pageRoutes(
  parts: PageParts,
  load: () => Promise<Page> = async () => new (await import("./page.ts")).Page(parts),
): Map<string, Route> {
  let loading: Promise<Page> | undefined;
  const route = (methods: readonly string[], answering: Answering): Route => ({
    methods,
    isThere: () => parts.isShown?.() !== false,
    answer: async (request, response) => {
      loading ??= load();
      // What could not be loaded is tried again at the next request.
      const page = await loading.catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      await answering(page, request, response);
    },
    close: () =>
      void loading?.then(
        (page) => page.close(),
        () => {},
      ),
  });
  const reading = ["GET", "HEAD"];
  return new Map([
    ["/", route(reading, (page, ...given) => page.answerPage(...given))],
    ["/live", route(["GET"], (page, ...given) => page.answerLive(...given))],
    ["/page/", route(reading, (page, ...given) => page.answerAsset(...given))],
  ]);
}

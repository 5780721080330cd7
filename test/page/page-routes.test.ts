import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, expect, it, vi } from "vitest";
import type { Page } from "../../src/page/page.ts";
import type { PageParts } from "../../src/page/page-reader.ts";
import { pageRoutes } from "../../src/page/page-routes.ts";

const request = {} as IncomingMessage;
const response = {} as ServerResponse;
const unhandled = vi.fn();

afterEach(() => {
  process.off("unhandledRejection", unhandled);
});

it("the page is loaded again if it could not be loaded, and closing it then harms nobody", async () => {
  process.on("unhandledRejection", unhandled);
  const page = { answerPage: vi.fn(async () => {}), close: vi.fn() };
  const load = vi
    .fn<() => Promise<Page>>()
    .mockRejectedValueOnce(new Error("the file is gone"))
    .mockResolvedValue(page as unknown as Page);
  const route = pageRoutes({} as PageParts, load).get("/");
  const first = route?.answer(request, response);
  route?.close?.();
  await expect(first).rejects.toThrow("the file is gone");
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
  await route?.answer(request, response);
  expect(page.answerPage).toHaveBeenCalledTimes(1);
  route?.close?.();
  await vi.waitFor(() => expect(page.close).toHaveBeenCalledTimes(1));
});

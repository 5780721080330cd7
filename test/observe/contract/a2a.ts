import { A2aObserver, REQUEST_HANDLER } from "../../../src/observe/a2a/a2a.ts";
import { addLoadedClass } from "../../../src/observe/work/loaded-class.ts";
import { copies, handlerClasses, serve } from "../a2a/a2a-sdk.ts";
import { type Framework, type Script, searchOf } from "./script.ts";

/** A server whose agent searches, and whose task ends as the script says. */
async function runBy(copy: (typeof copies)[number] | undefined, script: Script): Promise<void> {
  const search = searchOf(script);
  const execute = async ({ become }: { become(state: never): void }) => {
    become("submitted" as never);
    for (const _ of script.tools ?? []) await search();
    if (script.failure !== undefined) throw script.failure;
    become((script.signal?.aborted === true ? "canceled" : "completed") as never);
  };
  const server = serve(script.agent, { execute }, copy);
  await (script.isStream === true ? server.stream() : server.send());
}

export const a2a: Framework = {
  title: "A2A",
  observe(bench) {
    const observer = new A2aObserver(bench.work);
    observer.start();
    for (const loaded of handlerClasses) addLoadedClass(REQUEST_HANDLER, loaded);
    return observer;
  },
  classes: handlerClasses,
  run: (script) => runBy(undefined, script),
  runOtherCopy: (script) => runBy(copies[1], script),
  meetUnknownVersion: (bench) => new A2aObserver(bench.work).join({} as never),
  cannot: { "tool failure and recovery": "a server knows nothing of the tools of its agent" },
};

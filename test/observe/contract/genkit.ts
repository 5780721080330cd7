import { agentSpansOf, providerOf } from "../spans/bench-of-spans.ts";
import { FakeGenkit } from "../spans/fake-genkit.ts";
import type { Framework } from "./script.ts";

/** The tracer providers of two copies of the framework. */
let copies: readonly FakeGenkit[] = [];

const copyAt = (place: number): FakeGenkit => {
  const copy = copies[place];
  if (copy === undefined) throw new Error("Genkit is not observed");
  return copy;
};

/** A stand-in for the framework, seen by its spans: the tests of apps have the real one. */
export const genkit: Framework = {
  title: "Genkit",
  observe(bench) {
    const spans = agentSpansOf(bench);
    copies = [1, 2].map(() => new FakeGenkit(providerOf(spans).getTracer("genkit")));
    return { stop: () => {} };
  },
  run: (script) => copyAt(0).send(script),
  runOtherCopy: (script) => copyAt(1).send(script),
  meetUnknownVersion: () => {},
  cannot: {
    stream: "its spans are the same with and without a stream",
    "unknown version": "spans have no version, and one without its attributes is no work",
    stopped: "the provider of spans is shut down, not what reads them",
  },
};

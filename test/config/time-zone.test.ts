import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../src/config/resolve-options.ts";

const expectation = /timeZone": must be the name of a time zone such as Europe\/Berlin or UTC/;

function viewsOf(file: string) {
  const sources = { environment: {}, readFile: () => file, warn: () => {} };
  return resolveOptions({ configFile: "f.yaml" }, sources).views;
}

function withOption(timeZone: unknown) {
  const output = { name: "{instrument}", number: "level", isPublished: false, isForecast: true } as const;
  const view = { instruments: ["load"], by: "all", outputs: [output], timeZone } as never;
  return resolveOptions({ views: [view] }, { environment: {}, readFile: () => "", warn: () => {} }).views;
}

describe("the time zone of a view", () => {
  it("is read from a configuration file and from an option", () => {
    const [view] = viewsOf("views:\n  - {instrument: load, number: level, timeZone: America/New_York}\n");
    expect(view?.timeZone).toBe("America/New_York");
    expect(withOption("Europe/Berlin")[0]?.timeZone).toBe("Europe/Berlin");
  });

  it.each(["Europe/Atlantis", "", 7])(
    "is refused while things are built when there is none of the name: %j",
    (name) => {
      expect(() => withOption(name)).toThrow(/views\[0\].*"timeZone"/);
      expect(() =>
        viewsOf(`views:\n  - instrument: load\n    number: level\n    timeZone: ${JSON.stringify(name)}\n`),
      ).toThrow(/f.yaml:4: .*timeZone"/);
    },
  );

  it("is that of the options where it has none of its own", () => {
    const sources = { environment: {}, readFile: () => "", warn: () => {} };
    const output = { name: "{instrument}", number: "level", isPublished: false, isForecast: true } as const;
    const views = ["Asia/Tokyo", undefined].map((timeZone) => ({
      ...{ instruments: ["load"], by: "all", outputs: [output] },
      ...(timeZone === undefined ? {} : { timeZone }),
    })) as never;
    const resolved = resolveOptions({ views, timeZone: "Europe/Berlin" }, sources).views;
    const zones = resolved.filter(({ instruments }) => instruments.includes("load"));
    expect(zones.map(({ timeZone }) => timeZone)).toEqual(["Asia/Tokyo", "Europe/Berlin"]);
  });

  it("is refused with a message about what was expected", () => {
    expect(() => withOption("Europe/Atlantis")).toThrow(expectation);
    expect(() => viewsOf("views:\n  - {instrument: load, number: level, timeZone: Mars}\n")).toThrow(
      expectation,
    );
  });
});

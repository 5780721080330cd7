import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { root } from "./root.mjs";

/**
 * Gives all declarations behind one of them as one file that imports nothing but Node's and those of
 * `@opentelemetry/api` 1.9: what OpenTelemetry's SDK declares is part of it.
 */
export async function bundleTypes(declaration) {
  const bundle = await rolldown({
    input: declaration,
    external: [/^node:/, "@opentelemetry/api"],
    plugins: [withModulesAlone(), dts({ emitDtsOnly: true, generator: "oxc", cwd: root })],
  });
  const { output } = await bundle.generate({ format: "es" });
  await bundle.close();
  const code = output[0].code.replace(/^import \{[^}]*\} from "\.\/rolldown-runtime[^"]*";\n/m, "");
  return withoutAnyValue(code);
}

/**
 * Takes declarations of ES modules where a package has those of CommonJS too: in the latter the bundler leaves out whatever
 * stands beside an enum, and says nothing.
 */
function withModulesAlone() {
  return {
    name: "modules-alone",
    resolveId: {
      order: "pre",
      async handler(source, importer, options) {
        const found = await this.resolve(source, importer, { ...options, skipSelf: true });
        return found?.id.endsWith(".d.cts") ? { ...found, id: found.id.replace(/cts$/, "mts") } : found;
      },
    },
  };
}

/** `AnyValue` came with 1.10, where it is `unknown`; what the SDK 2.x declares in its place takes `any` alone. */
function withoutAnyValue(code) {
  const withoutImport = code.replace(/\bAnyValue, /, "");
  return /\bAnyValue\b/.test(withoutImport) ? `type AnyValue = any;\n${withoutImport}` : withoutImport;
}

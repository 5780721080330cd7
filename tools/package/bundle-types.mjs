import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";
import { root } from "./root.mjs";

/**
 * Bundles all declarations behind one file into one file. It imports only declarations of Node and
 * of `@opentelemetry/api` 1.9; declarations of OpenTelemetry's SDK are part of it.
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
 * Resolves declarations of ES modules for packages that also have CommonJS. In CommonJS
 * declarations the bundler silently drops what is declared beside an enum.
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

/**
 * `AnyValue` exists since 1.10, as `unknown`. The declarations of the SDK 2.x need `any` in its
 * place.
 */
function withoutAnyValue(code) {
  const withoutImport = code.replace(/\bAnyValue, /, "");
  return /\bAnyValue\b/.test(withoutImport) ? `type AnyValue = any;\n${withoutImport}` : withoutImport;
}

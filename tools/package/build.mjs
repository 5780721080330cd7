// Bundles `src` and the packages that it imports into `dist`, which is published: a few files that
// need only `@opentelemetry/api` beside them. Rarely used parts (YAML, OTLP, the SDK for Node) have
// files of their own, which are loaded when they are needed. The type declarations come from
// `build`, where the TypeScript compiler has put them.
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { billOfMaterials, licenceTexts, packagesOf } from "./built-in-packages.mjs";
import { bundleCode } from "./bundle-code.mjs";
import { bundleTypes } from "./bundle-types.mjs";
import { root } from "./root.mjs";

const dist = join(root, "dist");
const put = (name, content) => writeFileSync(join(dist, name), content);

rmSync(dist, { recursive: true, force: true });
const { modules, names, page } = await bundleCode(dist);
// For the page of a process that runs from source.
mkdirSync(join(root, "build/page"), { recursive: true });
writeFileSync(join(root, "build/page/page.js"), page.script);
writeFileSync(join(root, "build/page/page.css"), page.style);
chmodSync(join(dist, "cli.cjs"), 0o755);
// The entry for ES modules, so that `import` and `require` give the same objects.
put("index.mjs", `import main from "./index.cjs";\nexport const { ${names.join(", ")} } = main;\n`);
const types = await bundleTypes(join(root, "build/src/index.d.ts"));
put("index.d.mts", types);
put("index.d.cts", types);
put("register.d.cts", "export {};\n");
const packages = packagesOf(modules);
put("THIRD-PARTY-LICENSES.txt", licenceTexts(packages));
put("sbom.cdx.json", billOfMaterials(packages));

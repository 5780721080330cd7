// Builds what is published, from `src` and what it imports, into `dist`: a few files that need nothing beside them but the
// types of `@opentelemetry/api`. What is rarely used (YAML, OTLP, the SDK for Node) is in files of its own, loaded when it is
// asked for. The declarations are made of those that the TypeScript compiler has put into `build`.
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { billOfMaterials, licenceTexts, packagesOf } from "./built-in-packages.mjs";
import { bundleCode } from "./bundle-code.mjs";
import { bundleTypes } from "./bundle-types.mjs";
import { root } from "./root.mjs";

const dist = join(root, "dist");
const put = (name, content) => writeFileSync(join(dist, name), content);

rmSync(dist, { recursive: true, force: true });
const { modules, names } = await bundleCode(dist);
chmodSync(join(dist, "cli.cjs"), 0o755);
// For ES modules, so that both ways of importing give the same objects.
put("index.mjs", `import main from "./index.cjs";\nexport const { ${names.join(", ")} } = main;\n`);
const types = await bundleTypes(join(root, "build/src/index.d.ts"));
put("index.d.mts", types);
put("index.d.cts", types);
put("register.d.cts", "export {};\n");
const packages = packagesOf(modules);
put("THIRD-PARTY-LICENSES.txt", licenceTexts(packages));
put("sbom.cdx.json", billOfMaterials(packages));

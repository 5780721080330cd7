import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./root.mjs";

/** The packages that files belong to, sorted by name, without this package. */
export function packagesOf(files) {
  const packages = new Map();
  for (const file of files) {
    const folder = packageFolderOf(file);
    if (folder === undefined) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    packages.set(`${name}@${version}`, { name, version, license, folder });
  }
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function packageFolderOf(file) {
  const parts = dirname(file).split(/[/\\]/);
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return undefined;
  const names = parts[at + 1].startsWith("@") ? 2 : 1;
  return parts.slice(0, at + 1 + names).join("/");
}

/**
 * Name, version and licence of each package, with the text of its licence. Equal texts are listed
 * once.
 */
export function licenceTexts(packages) {
  const byText = new Map();
  for (const { name, version, license, folder } of packages) {
    const text = textOfLicence(folder);
    if (text === "") throw new Error(`${name} has no text of its licence`);
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  const rule = `\n${"=".repeat(80)}\n\n`;
  const parts = [...byText].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
  return `otel-forecast contains the following packages.\n${rule}${parts.join(rule)}`;
}

function textOfLicence(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice)/i.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), "utf8").trim())
    .join("\n\n");
}

/** A CycloneDX 1.6 bill of materials (https://cyclonedx.org/docs/1.6/json/). */
export function billOfMaterials(packages) {
  const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const component = ({ name, version, license }) => ({
    type: "library",
    "bom-ref": `pkg:npm/${name}@${version}`,
    name,
    version,
    licenses: [{ license: { id: license } }],
    purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
  });
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: component(own) },
    components: packages.map(component),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

import { yaml } from "../yaml.ts";
import { gatewayEntries } from "./gateway-schema.ts";

/** Whether a file is meant for a gateway: it has a key that the file of a process cannot have. */
export function looksLikeGatewayFile(content: string): boolean {
  const { isMap, isScalar, parseDocument } = yaml();
  const { contents } = parseDocument(content, { logLevel: "error", uniqueKeys: false });
  if (!isMap(contents)) return false;
  return contents.items.some(({ key }) => isScalar(key) && Object.hasOwn(gatewayEntries, String(key.value)));
}

import { looksLikeGatewayFile } from "../config/gateway/looks-like-gateway-file.ts";

/**
 * Whether a file is meant for a gateway. One that can't be read is none of a gateway: the error comes
 * when it is read as that of a process.
 */
export function isGatewayFile(path: string, readFile: (path: string) => string): boolean {
  try {
    return looksLikeGatewayFile(readFile(path));
  } catch {
    return false;
  }
}

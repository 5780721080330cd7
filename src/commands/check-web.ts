import { ConfigurationError } from "../config/configuration.ts";
import { looksLikeWebFile, parseWebFile } from "../config/web/web-config-file.ts";
import { messageOf } from "../core/text-of.ts";
import { authenticates, type WebConfig } from "../prometheus/web/web-config.ts";
import { counted } from "./counted.ts";

/** The output of `otel-forecast check`, line by line, and whether the file is valid. */
export interface CheckResult {
  readonly isRight: boolean;
  readonly lines: readonly string[];
}

type ReadFile = (path: string) => string;

/** Whether a file that can be read is meant as a web configuration. */
export function isWebFile(path: string, readFile: ReadFile): boolean {
  try {
    return looksLikeWebFile(readFile(path));
  } catch {
    return false;
  }
}

/** Reads a web configuration file, and the certificates and keys that it names. */
export function checkWebFile(path: string, { readFile }: { readonly readFile: ReadFile }): CheckResult {
  try {
    const config = parseWebFile(path, readFile(path)).configWith(readFile);
    return { isRight: true, lines: summaryOf(path, config) };
  } catch (error) {
    const lines = error instanceof ConfigurationError ? error.findings : [messageOf(error)];
    return { isRight: false, lines };
  }
}

function summaryOf(path: string, config: WebConfig): string[] {
  const { tls, users, headers, rateLimit } = config;
  const parts = [
    tls === undefined
      ? "no encryption"
      : `${tls.options.minVersion} to ${tls.options.maxVersion}, ${tls.clientAuth}`,
    counted(users.size, "user"),
    counted(Object.keys(headers).length, "header"),
    rateLimit === undefined ? "no limit of requests" : "a limit of requests",
  ];
  const remarks = [
    !authenticates(config) && "remark: no login is needed to read the metrics",
    users.size > 0 && tls === undefined && "remark: passwords are sent without encryption",
  ].filter((remark) => remark !== false);
  return [`${path}: ${parts.join(", ")}`, ...remarks];
}

import { ConfigurationError } from "../../config/configuration.ts";
import type { OptionSources } from "../../config/resolve-options.ts";
import { messageOf } from "../../core/text-of.ts";
import { exposedPorts } from "../../gateway/exposed-ports.ts";
import { readConfigured } from "../../gateway/read-configured.ts";
import type { CheckResult } from "../check-web.ts";
import { summaryOf } from "./summary.ts";

/** Reads a configuration file as a gateway in this environment would; `undefined`: it has no file. */
export async function checkGatewayFile(
  path: string | undefined,
  sources: OptionSources,
): Promise<CheckResult> {
  const remarks: string[] = [];
  const remark = (line: string): void => void remarks.push(`remark: ${line}`);
  try {
    const configured = readConfigured(path, { ...sources, remark });
    const exposed = await exposedPorts(configured.settings);
    return {
      isRight: true,
      lines: [
        ...summaryOf(path, configured),
        ...remarks,
        ...exposed.map((port) => `remark: ${needsLogin(port)}`),
      ],
    };
  } catch (error) {
    return { isRight: false, lines: findingsOf(error) };
  }
}

/** What to do about a port that has no login. */
export function needsLogin(port: string): string {
  return `${port} can be reached by other machines without a login: set "web" to a web configuration file with users, listen on 127.0.0.1, or start with --insecure`;
}

/** One line for each thing that is wrong in the file. */
export function findingsOf(error: unknown): readonly string[] {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ConfigurationError) return cause.findings;
  return [messageOf(cause ?? error)];
}

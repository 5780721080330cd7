import { dirname, isAbsolute, join } from "node:path";
import type { GatewayFile } from "./gateway-settings.ts";

/** The content of the file of a gateway, with its relative paths relative to the folder of the file. */
export function besideFile(path: string, file: Partial<GatewayFile>): Partial<GatewayFile> {
  const { web, state, receivers } = file;
  const beside = (named: string): string => (isAbsolute(named) ? named : join(dirname(path), named));
  const tokens = receivers?.otlp?.bearerTokens;
  return {
    ...file,
    ...(web === undefined ? {} : { web: beside(web) }),
    ...(state === undefined
      ? {}
      : {
          state: {
            ...state,
            directory: beside(state.directory),
            ...(state.partitions === undefined ? {} : { partitions: beside(state.partitions) }),
          },
        }),
    ...(tokens === undefined
      ? {}
      : { receivers: { ...receivers, otlp: { ...receivers?.otlp, bearerTokens: beside(tokens) } } }),
  };
}

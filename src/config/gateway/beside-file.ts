import { dirname, isAbsolute, join } from "node:path";
import type { GatewayFile } from "./gateway-settings.ts";

type Kafka = NonNullable<NonNullable<GatewayFile["receivers"]>["kafka"]>;

/** The content of the file of a gateway, with its relative paths relative to the folder of the file. */
export function besideFile(path: string, file: Partial<GatewayFile>): Partial<GatewayFile> {
  const { web, state, receivers } = file;
  const beside = (named: string): string => (isAbsolute(named) ? named : join(dirname(path), named));
  const { otlp, kafka, ...others } = receivers ?? {};
  return {
    ...file,
    ...(web === undefined ? {} : { web: beside(web) }),
    ...(state === undefined ? {} : { state: mapped(state, ["directory", "partitions"], beside) }),
    ...(receivers === undefined
      ? {}
      : {
          receivers: {
            ...others,
            ...(otlp === undefined ? {} : { otlp: mapped(otlp, ["bearerTokens"], beside) }),
            ...(kafka === undefined ? {} : { kafka: kafkaBeside(kafka, beside) }),
          },
        }),
  };
}

function kafkaBeside({ tls, sasl, ...others }: Kafka, beside: (named: string) => string): Kafka {
  return {
    ...others,
    ...(tls === undefined ? {} : { tls: mapped(tls, ["caFile", "certFile", "keyFile"], beside) }),
    ...(sasl === undefined ? {} : { sasl: mapped(sasl, ["passwordFile"], beside) }),
  };
}

/** The same object, with other texts for some of its keys, as far as it has them. */
function mapped<Given extends object>(
  given: Given,
  keys: readonly (keyof Given & string)[],
  change: (text: string) => string,
): Given {
  const changed = keys.filter((key) => typeof given[key] === "string");
  return { ...given, ...Object.fromEntries(changed.map((key) => [key, change(given[key] as string)])) };
}

import type { AwaitedClass } from "../work/loaded-class.ts";
import type { ProviderSdk } from "./sdk.ts";

/** The classes of an SDK that call models, as far as the class that the app has leads to them. */
export function classesIn({ resources }: ProviderSdk, client: object): (readonly [AwaitedClass, object])[] {
  return resources.flatMap((resource) => {
    const found = resource.inClient?.reduce<unknown>(
      (at, name) => (at as Record<string, unknown> | undefined)?.[name],
      client,
    );
    return typeof found === "function" ? [[resource, found] as const] : [];
  });
}

import type { RequestListener } from "node:http";
import { TenantNames } from "../tenant-names.ts";
import { tenantOf } from "./tenants.ts";

/**
 * A listener for each tenant, which is made at the first request of the tenant. Requests without a
 * tenant have a listener of their own.
 */
export function listenersByTenant(
  header: string | undefined,
  make: (tenant: string | undefined) => RequestListener,
): RequestListener {
  const names = new TenantNames();
  const listeners = new Map<string | undefined, RequestListener>();
  return (request, response) => {
    const tenant = names.of(tenantOf(request.headers, header));
    let listener = listeners.get(tenant);
    if (listener === undefined) {
      listener = make(tenant);
      listeners.set(tenant, listener);
    }
    listener(request, response);
  };
}

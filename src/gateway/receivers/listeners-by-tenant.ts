import type { RequestListener } from "node:http";
import { tenantOf } from "./tenants.ts";

/** A sender that names ever different tenants does not fill the memory. */
const MAX_TENANTS = 1000;

/**
 * A listener for each tenant, which is made at the first request of the tenant. Requests without a
 * tenant have a listener of their own.
 */
export function listenersByTenant(
  header: string | undefined,
  make: (tenant: string | undefined) => RequestListener,
): RequestListener {
  const listeners = new Map<string | undefined, RequestListener>();
  return (request, response) => {
    const tenant = tenantOf(request.headers, header);
    let listener = listeners.get(tenant);
    if (listener === undefined) {
      if (listeners.size >= MAX_TENANTS) listeners.clear();
      listener = make(tenant);
      listeners.set(tenant, listener);
    }
    listener(request, response);
  };
}

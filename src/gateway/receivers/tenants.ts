import type { IncomingHttpHeaders } from "node:http";

/** The longest name of a tenant, in characters: it becomes a label of every series. */
const MAX_TENANT_LENGTH = 150;

/**
 * The tenant that a request names; `undefined` if tenants are not told apart, or if it names none.
 *
 * @param header the name of the header, in any case.
 */
export function tenantOf(headers: IncomingHttpHeaders, header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const value = headers[header.toLowerCase()];
  return tenantNamed(Array.isArray(value) ? value[0] : value);
}

/** The tenant that the value of a header names, however it came; `undefined` if it names none. */
export function tenantNamed(value: string | undefined): string | undefined {
  const tenant = value?.trim() ?? "";
  return tenant === "" ? undefined : tenant.slice(0, MAX_TENANT_LENGTH);
}

const MAX_TENANTS = 1000;
/** The tenant of all that are too many. */
const OTHER_TENANTS = "others";

/** The names of tenants. A sender that names ever different ones does not fill the memory. */
export class TenantNames {
  readonly #known = new Set<string>();

  /** The name that a tenant has here: `others` after the first thousand. `undefined` is none. */
  of(tenant: string | undefined): string | undefined {
    if (tenant === undefined || this.#known.has(tenant)) return tenant;
    if (this.#known.size >= MAX_TENANTS) return OTHER_TENANTS;
    this.#known.add(tenant);
    return tenant;
  }
}

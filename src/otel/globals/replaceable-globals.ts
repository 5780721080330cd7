import {
  createGlobalApi,
  defineGlobalApi,
  type GlobalApi,
  globalApi,
  globalApiProperty,
  restoreGlobalApi,
} from "./global-api.ts";
import { ReportedVersion } from "./reported-version.ts";

/** Our registration under one name of the global API, until the application registers there. */
export interface Registration {
  readonly ours: unknown;
  /**
   * Receives what the application has registered in place of ours. From then on the name is theirs.
   */
  onReplaced(theirs: unknown): void;
  /** Whether a registered value replaces ours. By default every value but ours does. */
  isReplacement?(value: unknown): boolean;
  /** Whether ours is registered again when the application unregisters its own. */
  readonly isRestored?: boolean;
}

/**
 * Lets the application replace what we have registered with the OpenTelemetry API. Otherwise the
 * API would refuse the application's registration as the second one, and the application's own SDK
 * would receive no spans and no measurements.
 *
 * How it works: in place of the API's global object there is a proxy. To register, a copy of
 * `@opentelemetry/api` assigns the global object and then reads from it (`registerGlobal` in its
 * `internal/global-utils`): first whether the name is taken, then the version. So the two reads
 * after an assignment are these questions. The proxy answers the first with "no" as long as the
 * registration is ours. For the second see `ReportedVersion`.
 */
export class ReplaceableGlobals {
  readonly #api: GlobalApi;
  readonly #before: PropertyDescriptor | undefined;
  readonly #registrations = new Map<PropertyKey, Registration>();
  /** Names that the application has taken over. */
  readonly #replaced = new Set<PropertyKey>();
  readonly #version: ReportedVersion;
  #proxy: GlobalApi;
  #nextRead: "ordinary" | "is the name taken?" | "which version?" = "ordinary";
  #isRegisteringOurs = false;

  constructor() {
    const isOfOurVersion = createGlobalApi();
    this.#api = globalApi() ?? {};
    this.#version = new ReportedVersion(this.#api);
    const others = Object.keys(this.#api).filter((name) => name !== "version" && name !== "diag");
    if (!isOfOurVersion || others.length > 0) this.#version.fix();
    this.#before = globalApiProperty();
    this.#proxy = this.#newProxy();
    defineGlobalApi({
      configurable: true,
      enumerable: false,
      get: () => this.#proxy,
      set: (value) => {
        if (value === this.#proxy) this.#nextRead = "is the name taken?";
        else this.#replaceObject(value);
        this.#before?.set?.(value);
      },
    });
  }

  /** Registers ours, unless something is registered under that name. Returns whether it did. */
  register(name: string, registration: Registration): boolean {
    if (this.#api[name] !== undefined) return false;
    this.#api[name] = registration.ours;
    this.#registrations.set(name, registration);
    return true;
  }

  /** Runs `register`. What it registers with the API is ours, so the application can replace it. */
  registerOurs<Result>(register: () => Result): Result {
    const before = this.#isRegisteringOurs;
    this.#isRegisteringOurs = true;
    try {
      return register();
    } finally {
      this.#isRegisteringOurs = before;
    }
  }

  /** Treats what is registered under a name as ours from now on. */
  adopt(name: string, registration: Omit<Registration, "ours">): void {
    this.#replaced.delete(name);
    this.#registrations.set(name, { ...registration, ours: this.#api[name] });
  }

  /** Whether the registration under a name is ours. */
  isOurs(name: PropertyKey): boolean {
    const registration = this.#registrations.get(name);
    return registration !== undefined && !this.#replaced.has(name) && this.#api[name] === registration.ours;
  }

  /**
   * Unregisters ours and removes the proxy. If there are several proxies, the newest must go first.
   */
  undo(): void {
    for (const name of this.#registrations.keys()) if (this.isOurs(name)) delete this.#api[name];
    restoreGlobalApi(this.#before ?? { configurable: true, writable: true, value: this.#api });
  }

  #newProxy(): GlobalApi {
    const api = this.#api;
    return new Proxy({} as GlobalApi, {
      get: this.#get,
      set: (_, name, value) => {
        this.#write(name, value);
        return true;
      },
      deleteProperty: (_, name) => {
        this.#delete(name);
        return true;
      },
      has: (_, name) => name in api,
      ownKeys: () => Reflect.ownKeys(api),
      getOwnPropertyDescriptor: (_, name) => ({
        // An app may have added a `get` to all objects.
        __proto__: null,
        value: api[name],
        configurable: true,
        enumerable: true,
        writable: true,
      }),
    });
  }

  readonly #get = (_: GlobalApi, name: PropertyKey): unknown => this.#read(name);

  #read(name: PropertyKey): unknown {
    const read = this.#nextRead;
    this.#nextRead = "ordinary";
    if (name === "version") {
      const isRegistration = read !== "ordinary" && !this.#isRegisteringOurs;
      return isRegistration ? this.#version.forRegistration(this.#get) : this.#version.forReader;
    }
    if (read === "is the name taken?") {
      this.#nextRead = "which version?";
      if (this.isOurs(name)) return undefined;
    }
    return this.#api[name];
  }

  #write(name: PropertyKey, value: unknown): void {
    this.#nextRead = "ordinary";
    this.#api[name] = value;
    if (this.#isRegisteringOurs) {
      const registration = this.#registrations.get(name) ?? { onReplaced: () => {} };
      this.#registrations.set(name, { ...registration, ours: value });
      return;
    }
    this.#fixVersion();
    const registration = this.#registrations.get(name);
    if (registration === undefined) return;
    if (!(registration.isReplacement?.(value) ?? value !== registration.ours)) return;
    this.#replaced.add(name);
    registration.onReplaced(value);
  }

  #delete(name: PropertyKey): void {
    const registration = this.#registrations.get(name);
    if (registration?.isRestored && this.#replaced.delete(name)) this.#api[name] = registration.ours;
    else delete this.#api[name];
  }

  /**
   * Some libraries assign an object of their own, or `undefined`, so that another copy of the API
   * can register. Takes over its registrations; ours stay replaceable.
   */
  #replaceObject(given: GlobalApi | undefined): void {
    this.#version.release(given?.version);
    for (const name of Object.keys(this.#api)) {
      if (name === "version" || this.isOurs(name) || given?.[name] !== undefined) continue;
      this.#delete(name);
    }
    for (const name of Object.keys(given ?? {})) {
      if (name !== "version" && given?.[name] !== this.#api[name]) this.#write(name, given?.[name]);
    }
    if (given !== undefined) this.#fixVersion();
  }

  /**
   * A copy of the API reads the version of an object once, so another version needs another object.
   */
  #fixVersion(): void {
    if (this.#version.fix()) this.#proxy = this.#newProxy();
  }
}

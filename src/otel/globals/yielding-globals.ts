import { log } from "../../logging/component-logger.ts";
import { apiVersionOfCaller, installedApiVersion } from "./api-version.ts";
import {
  defineGlobalApi,
  type GlobalApi,
  globalApi,
  globalApiProperty,
  registersByOurApi,
  restoreGlobalApi,
} from "./global-api.ts";

/** What is ours under one name of the global API, until somebody else registers there. */
export interface YieldingEntry {
  /** What is registered there as ours. */
  readonly ours: unknown;
  /** Receives what somebody else has registered instead; from then on the name is theirs. */
  onTakenOver(theirs: unknown): void;
  /** Whether a value that is registered is a takeover; unless given, whether it is not ours. */
  isTakeover?(value: unknown): boolean;
  /** Whether ours is there again when the other is unregistered. */
  readonly returns?: boolean;
}

/** What is registered under a name of the global API, by whichever copy of it. */
export function registeredGlobal(name: string): unknown {
  return globalApi()?.[name];
}

/**
 * The global object of the OpenTelemetry API, in which what is ours yields: an application can register there as if
 * nothing were. Without this the API refuses a second registration, and the application's own SDK would never see a span or
 * an instrument.
 *
 * How it works: when it registers, `@opentelemetry/api` first assigns its global object, then reads from it whether the name
 * is taken and which version has made it (`registerGlobal` in its `internal/global-utils`). So the reads after an assignment
 * are those questions. The answer to the first is "no" as long as what is registered is ours. The API also refuses a copy of
 * another version than the one that came first: until somebody else registers, each copy is told its own version.
 */
export class YieldingGlobals {
  readonly #api: GlobalApi;
  readonly #before: PropertyDescriptor | undefined;
  readonly #entries = new Map<PropertyKey, YieldingEntry>();
  readonly #yielded = new Set<PropertyKey>();
  #shown: GlobalApi;
  /** The version that counts: of the copy of the API by which somebody else has registered first. */
  #version: string | undefined;
  #answered: string | undefined;
  #asks: "nothing" | "whether it is taken" | "for the version" = "nothing";
  #isOurTurn = false;
  #isUnknownSaid = false;

  constructor() {
    const isOfOurVersion = registersByOurApi();
    this.#api = globalApi() ?? {};
    const others = Object.keys(this.#api).filter((name) => name !== "version" && name !== "diag");
    if (!isOfOurVersion || others.length > 0) this.#version = String(this.#api.version);
    this.#before = globalApiProperty();
    this.#shown = this.#front();
    const property: PropertyDescriptor = {
      configurable: true,
      enumerable: false,
      get: () => this.#shown,
      set: (value) => {
        if (value === this.#shown) this.#asks = "whether it is taken";
        else this.#replaceBy(value);
        this.#before?.set?.(value);
      },
    };
    defineGlobalApi(property);
  }

  /** Registers what is ours, unless something is registered there already; says whether it did. */
  offer(name: string, entry: YieldingEntry): boolean {
    if (this.#api[name] !== undefined) return false;
    this.#api[name] = entry.ours;
    this.#entries.set(name, entry);
    return true;
  }

  /** What is registered during `register` is ours: it takes over nothing, and yields. Gives what `register` gives. */
  asOurs<Result>(register: () => Result): Result {
    const before = this.#isOurTurn;
    this.#isOurTurn = true;
    try {
      return register();
    } finally {
      this.#isOurTurn = before;
    }
  }

  /** Makes what is registered there now ours, whoever has registered it. */
  adopt(name: string, entry: Omit<YieldingEntry, "ours">): void {
    this.#yielded.delete(name);
    this.#entries.set(name, { ...entry, ours: this.#api[name] });
  }

  /** Whether what is registered there is ours. */
  isOurs(name: PropertyKey): boolean {
    const entry = this.#entries.get(name);
    return entry !== undefined && !this.#yielded.has(name) && this.#api[name] === entry.ours;
  }

  /** Takes back what is ours. Where several did this, the one that came last has to undo it first. */
  undo(): void {
    for (const name of this.#entries.keys()) if (this.isOurs(name)) delete this.#api[name];
    restoreGlobalApi(this.#before ?? { configurable: true, writable: true, value: this.#api });
  }

  /** A stand-in for the object, since the version of that is not to be changed. */
  #front(): GlobalApi {
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
        value: api[name],
        configurable: true,
        enumerable: true,
        writable: true,
      }),
    });
  }

  readonly #get = (_: GlobalApi, name: PropertyKey): unknown => this.#read(name);

  #read(name: PropertyKey): unknown {
    const asks = this.#asks;
    this.#asks = "nothing";
    if (name === "version") return asks === "nothing" ? this.#versionForReaders : this.#versionForCaller();
    if (asks === "whether it is taken") {
      this.#asks = "for the version";
      if (this.isOurs(name)) return undefined;
    }
    return this.#api[name];
  }

  #write(name: PropertyKey, value: unknown): void {
    this.#asks = "nothing";
    this.#api[name] = value;
    if (this.#isOurTurn) {
      const entry = this.#entries.get(name) ?? { onTakenOver: () => {} };
      this.#entries.set(name, { ...entry, ours: value });
      return;
    }
    this.#settleVersion();
    const entry = this.#entries.get(name);
    if (entry === undefined || !(entry.isTakeover?.(value) ?? value !== entry.ours)) return;
    this.#yielded.add(name);
    entry.onTakenOver(value);
  }

  #delete(name: PropertyKey): void {
    const entry = this.#entries.get(name);
    if (entry?.returns && this.#yielded.delete(name)) this.#api[name] = entry.ours;
    else delete this.#api[name];
  }

  /** Some put an object of their own there, or nothing, so that whoever registers next can: what is ours still yields. */
  #replaceBy(given: GlobalApi | undefined): void {
    this.#version = undefined;
    this.#answered = given?.version === undefined ? undefined : String(given.version);
    for (const name of Object.keys(this.#api)) {
      if (name === "version" || this.isOurs(name) || given?.[name] !== undefined) continue;
      this.#delete(name);
    }
    for (const name of Object.keys(given ?? {})) {
      if (name !== "version" && given?.[name] !== this.#api[name]) this.#write(name, given?.[name]);
    }
    if (given !== undefined) this.#settleVersion();
  }

  get #versionForReaders(): unknown {
    return this.#version ?? this.#api.version;
  }

  #versionForCaller(): unknown {
    if (this.#version !== undefined || this.#isOurTurn) return this.#versionForReaders;
    const ofCaller = apiVersionOfCaller(this.#get);
    this.#answered = ofCaller ?? installedApiVersion() ?? String(this.#api.version);
    if (ofCaller === undefined) this.#sayThatItIsUnknown(this.#answered);
    return this.#answered;
  }

  #sayThatItIsUnknown(guess: string): void {
    if (this.#isUnknownSaid) return;
    this.#isUnknownSaid = true;
    log.warn(
      "the version of a copy of @opentelemetry/api that registers an SDK can't be told; " +
        `it is refused unless it is ${guess}`,
    );
  }

  /** Copies of the API look at the version once for each object that they find, so that another version needs another. */
  #settleVersion(): void {
    if (this.#version !== undefined) return;
    this.#version = this.#answered ?? String(this.#api.version);
    if (this.#version !== this.#api.version) this.#shown = this.#front();
  }
}

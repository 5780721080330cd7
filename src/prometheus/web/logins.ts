import { createHmac, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { FailedLogins } from "./failed-logins.ts";

const load = createRequire(import.meta.url);

/** The maximum of logins that are remembered: of right ones, and of wrong ones. */
const MAX_REMEMBERED = 200;
/** The start of a bcrypt hash: version, cost and salt. */
const LENGTH_OF_SALT = 29;

/** The result of a login. `too many`: it was not looked at. */
export type LoginResult = "right" | "wrong" | "too many";

type Compare = (password: string, hash: string) => Promise<boolean>;

/** A login by HTTP's basic authentication, and where it came from. */
export interface Login {
  readonly user: string;
  readonly password: string;
  readonly address: string;
}

/**
 * Compares logins with bcrypt hashes, one at a time. Results are remembered, so each login costs its
 * comparison once. Logins that fail are limited (`FailedLogins`); a remembered right one is not.
 */
export class Logins {
  /** Passwords are remembered as keyed hashes only. */
  readonly #key = randomBytes(32);
  readonly #results = { right: new Set<string>(), wrong: new Set<string>() };
  readonly #comparing = new Map<string, Promise<boolean>>();
  readonly #failed: FailedLogins;
  readonly #elapsedMillis: () => number;
  readonly #compare: Compare;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param elapsedMillis a monotonic clock
   * @param compare compares a password with a bcrypt hash
   */
  constructor(elapsedMillis = (): number => performance.now(), compare: Compare = compareByBcrypt) {
    this.#elapsedMillis = elapsedMillis;
    this.#compare = compare;
    this.#failed = new FailedLogins(elapsedMillis());
  }

  /** @param users the bcrypt hash of each user. */
  async check(login: Login, users: ReadonlyMap<string, string>): Promise<LoginResult> {
    const { user, password, address } = login;
    const hash = users.get(user) ?? hashOfNobody(users);
    const id = createHmac("sha256", this.#key)
      .update(JSON.stringify([user, hash, password]))
      .digest("base64");
    if (this.#results.right.has(id)) return "right";
    const now = this.#elapsedMillis();
    if (this.#results.wrong.has(id)) return this.#failed.fail(address, now) ? "wrong" : "too many";
    if (!this.#failed.mayCompare(address, now)) return "too many";
    const isRight = (await this.#compared(id, password, hash)) && users.has(user);
    remember(isRight ? this.#results.right : this.#results.wrong, id);
    if (isRight) this.#failed.succeeded(address, this.#elapsedMillis());
    return isRight ? "right" : "wrong";
  }

  /** Compares after the comparisons before it. Equal logins share one comparison. */
  #compared(id: string, password: string, hash: string): Promise<boolean> {
    const begun = this.#comparing.get(id);
    if (begun !== undefined) return begun;
    const result = this.#last
      .then(() => this.#compare(password, hash))
      .finally(() => this.#comparing.delete(id));
    this.#comparing.set(id, result);
    this.#last = result.catch(() => {});
    return result;
  }
}

function compareByBcrypt(password: string, hash: string): Promise<boolean> {
  // Loaded at the first login, because most processes have none.
  const bcrypt: typeof import("bcryptjs") = load("bcryptjs");
  return bcrypt.compare(password, hash);
}

/**
 * A hash that no password has. A user that does not exist is compared with it, so that the time of
 * the answer does not show which users exist.
 */
function hashOfNobody(users: ReadonlyMap<string, string>): string {
  const [hash = ""] = users.values();
  return hash.slice(0, LENGTH_OF_SALT) + ".".repeat(hash.length - LENGTH_OF_SALT);
}

/** Adds a result, and forgets the oldest one beyond the maximum. */
function remember(results: Set<string>, id: string): void {
  results.add(id);
  if (results.size <= MAX_REMEMBERED) return;
  const [oldest] = results;
  results.delete(oldest as string);
}

/** The user and the password of an `Authorization` header; `undefined` if it has none. */
export function basicAuthOf(header: string | undefined): Pick<Login, "user" | "password"> | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

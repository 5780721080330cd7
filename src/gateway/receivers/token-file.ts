import { stat } from "node:fs/promises";
import { readConfigFileLater } from "../../config/read-config-file.ts";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";

/** How often the file is looked at. */
const CHECK_MILLIS = 1000;
/** What a token may consist of: https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * A file of bearer tokens, one in each line; lines that begin with `#` are comments. It is read again
 * when it has changed. If the new content can't be used, the last one stays in use.
 */
export class TokenFile {
  readonly #path: string;
  readonly #elapsedMillis: () => number;
  #seen = "";
  #checkedAt = Number.NEGATIVE_INFINITY;
  #told = "";

  constructor(path: string, elapsedMillis: () => number = () => performance.now()) {
    this.#path = path;
    this.#elapsedMillis = elapsedMillis;
  }

  /** @throws Error that names the file, the line and what was expected. */
  async read(): Promise<readonly string[]> {
    const stamp = await stampOf(this.#path);
    const tokens = tokensIn(this.#path, await readConfigFileLater(this.#path));
    this.#seen = stamp;
    this.#checkedAt = this.#elapsedMillis();
    return tokens;
  }

  /** The tokens if they have changed since the last look; otherwise `undefined`. Never rejects. */
  async changed(): Promise<readonly string[] | undefined> {
    if (this.#elapsedMillis() - this.#checkedAt < CHECK_MILLIS) return undefined;
    this.#checkedAt = this.#elapsedMillis();
    try {
      if ((await stampOf(this.#path)) === this.#seen) return undefined;
      const tokens = await this.read();
      this.#told = "";
      log.info(`the file of bearer tokens ${this.#path} was read again`);
      return tokens;
    } catch (error) {
      this.#tell(messageOf(error));
      return undefined;
    }
  }

  #tell(message: string): void {
    if (message === this.#told) return;
    this.#told = message;
    log.error(`the file of bearer tokens can't be used: ${message}; the last valid content stays in use`);
  }
}

/** The version of the file. If there is none, why. */
async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeNs, ctimeNs, size, ino } = await stat(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** The message does not show the line: it may be a token. */
function tokensIn(path: string, content: string): string[] {
  const tokens: string[] = [];
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    const token = line.trim();
    if (token === "" || token.startsWith("#")) continue;
    if (!TOKEN.test(token))
      throw new Error(
        `${path}:${index + 1}: not a bearer token: expected only letters, digits and -._~+/, and = at the end`,
      );
    tokens.push(token);
  }
  if (tokens.length === 0) throw new Error(`${path} has no bearer token: expected one in each line`);
  return tokens;
}

import { createHash } from "node:crypto";
import { builtFiles } from "./built-files.ts";

/** The folder of the files that a browser loads. */
export const ASSETS_PATH = "/page/";

/** A file that a browser loads. Its name changes with its content, so browsers may keep it. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly content: string;
}

/** Where the page finds its files, relative to the page: it may be behind a proxy with a path. */
export interface AssetAddresses {
  readonly script: string;
  readonly style: string;
}

/** The files that a browser loads. */
export class Assets {
  readonly addresses: AssetAddresses;
  readonly #byName: ReadonlyMap<string, Asset>;

  constructor({ script, style } = builtFiles()) {
    const assets = [
      assetOf("page", "js", "text/javascript; charset=utf-8", script),
      assetOf("page", "css", "text/css; charset=utf-8", style),
    ] as const;
    this.#byName = new Map(assets.map((asset) => [asset.name, asset]));
    const addressOf = ({ name }: Asset): string => `${ASSETS_PATH.slice(1)}${name}`;
    this.addresses = { script: addressOf(assets[0]), style: addressOf(assets[1]) };
  }

  /** The file of a name; `undefined` if there is none. */
  get(name: string): Asset | undefined {
    return this.#byName.get(name);
  }
}

function assetOf(name: string, end: string, type: string, content: string): Asset {
  const hash = createHash("sha256").update(content).digest("base64url").slice(0, 16);
  return { name: `${name}-${hash}.${end}`, type, content };
}

import { InvalidArgumentError } from "commander";
import { isWebUrl } from "../config/gateway/gateway-schema.ts";

/** A name as the argument of an option. */
export function nameOf(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must be a name.");
  return text;
}

/** The address of a page or a folder on the web, as the argument of an option. */
export function addressOf(text: string): string {
  if (!isWebUrl(text))
    throw new InvalidArgumentError("It must be a URL that begins with http:// or https://.");
  return text;
}

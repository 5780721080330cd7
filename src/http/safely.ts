import { kindOfError } from "../core/error-type.ts";
import { log } from "../logging/component-logger.ts";
import { LogOnce } from "../logging/log-once.ts";

const logged = new LogOnce();

/**
 * Looks at servers, requests and responses of the application, which may be of classes of its own. An error
 * in a listener or a subscriber of ours would end the application.
 */
export function safely(look: () => void): void {
  try {
    look();
  } catch (error) {
    const kind = kindOfError(error);
    logged.log(kind, () => log.warn(`an HTTP request could not be measured: ${kind}`));
  }
}

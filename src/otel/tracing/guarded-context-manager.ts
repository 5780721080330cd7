import type { Context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";

/** A context manager of ours as an application may use it: without us, binding gives back whatever is to be bound. */
export class GuardedContextManager extends AsyncLocalStorageContextManager {
  override bind<Target>(context: Context, target: Target): Target {
    try {
      return super.bind(context, target);
    } catch {
      return target;
    }
  }
}

import { isSameModel } from "./same-model.ts";

/** A call of a tool or a model that has not ended. */
export interface OpenCall {
  readonly isOfModel: boolean;
  /** The model that is called, if that is known. */
  readonly model: string | undefined;
  readonly close: () => void;
}

/** The calls of one run that are open. */
export class OpenCalls {
  readonly #calls = new Set<OpenCall>();

  add(call: OpenCall): OpenCall {
    this.#calls.add(call);
    return call;
  }

  /** Returns whether the call was open. */
  close(call: OpenCall): boolean {
    if (!this.#calls.delete(call)) return false;
    call.close();
    return true;
  }

  /** Calls that are open when the run ends are closed with it. */
  closeAll(): void {
    for (const call of this.#calls) this.close(call);
  }

  /** Whether a call of this model is open. */
  isAsking(model: string | undefined): boolean {
    for (const call of this.#calls) if (call.isOfModel && isSameModel(call.model, model)) return true;
    return false;
  }
}

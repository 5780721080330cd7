import type { Method } from "../method.ts";

/** No change: the last value that was seen. What every other method is measured against. */
export const naive: Method = {
  name: "naive",
  fit(history) {
    let last = 0;
    const update = (value: number): void => {
      if (!Number.isNaN(value)) last = value;
    };
    for (const value of history.values) update(value);
    return { update, at: () => last };
  },
};

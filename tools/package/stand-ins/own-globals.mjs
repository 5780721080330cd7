const { now, timeOrigin } = performance;

export const { now: dateNow } = Date;
export const performanceNow = now.bind(performance);
export const performanceOrigin = timeOrigin;
export const {
  AbortController,
  AbortSignal,
  Buffer,
  fetch,
  Promise: NativePromise,
  queueMicrotask,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
} = globalThis;

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

const { create, defineProperties, defineProperty } = Object;
const { defineProperty: reflectDefine } = Reflect;

/** A description that inherits nothing: an app may have added a `get` or a `value` to `Object.prototype`. */
const alone = (descriptor) => ({ __proto__: null, ...descriptor });

function allAlone(descriptors) {
  const all = { __proto__: null, ...descriptors };
  for (const key of Reflect.ownKeys(all)) all[key] = alone(all[key]);
  return all;
}

export const ownDefineProperty = (object, key, descriptor) => defineProperty(object, key, alone(descriptor));
export const ownDefineProperties = (object, descriptors) => defineProperties(object, allAlone(descriptors));
export const ownReflectDefine = (object, key, descriptor) => reflectDefine(object, key, alone(descriptor));
export const ownCreate = (prototype, descriptors) =>
  descriptors === undefined ? create(prototype) : create(prototype, allAlone(descriptors));

const { registerHooks } = require("node:module");

/**
 * Counts the files that are loaded after this one, by `import` and `require`. The app prints the
 * count.
 */
globalThis.filesLoaded = new Set();
registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith("file:")) globalThis.filesLoaded.add(url);
    return nextLoad(url, context);
  },
});

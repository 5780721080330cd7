/**
 * The process of one contender: sets it up, then measures once for each message. A contender is a
 * file of `contenders/` whose `setup(options)` returns a function that measures once.
 */
const [module, options] = process.argv.slice(2);
// Before the setup: a monitor keeps no process alive, also while its collections wait for a disk.
process.on("message", async () => {
  process.send?.(await measure());
});
const { setup } = await import(`../contenders/${module}.mjs`);
const measure = await setup(JSON.parse(options));
process.send?.("ready");

/** The script that PM2 runs instead of the application. It loads the application. */
const CONTAINER = /[/\\]pm2[/\\]lib[/\\]ProcessContainer\w*\.js$/;

/**
 * Sets the variables of the application that PM2 passes to the workers of a cluster, all in one
 * variable. PM2's container sets them too, but only after the modules of `--import` are loaded.
 */
export function takeVariablesOfPm2(environment: NodeJS.ProcessEnv, script = process.argv[1]): void {
  const { pm2_env: given } = environment;
  if (given === undefined || script === undefined || !CONTAINER.test(script)) return;
  const ofApplication = JSON.parse(given) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(ofApplication))
    if (/^(OTEL_|pm_id$|pm_exec_path$)/.test(name)) environment[name] = String(value);
}

/**
 * The application's script if PM2 started this process. Processes that the application starts
 * inherit the variable: for them the result is `undefined`.
 */
export function scriptOfPm2(environment: NodeJS.ProcessEnv, script = process.argv[1]): string | undefined {
  const { pm_exec_path: ofApplication } = environment;
  const isIt = script !== undefined && (script === ofApplication || CONTAINER.test(script));
  return isIt ? ofApplication : undefined;
}

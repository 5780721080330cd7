/** What PM2 runs in the place of the application: that is loaded from within. */
const CONTAINER = /[/\\]pm2[/\\]lib[/\\]ProcessContainer\w*\.js$/;

/**
 * Takes the variables of the application that PM2 hands to the workers of a cluster in one: its container sets them too, but
 * after what `--import` loads.
 */
export function takeVariablesOfPm2(environment: NodeJS.ProcessEnv, script = process.argv[1]): void {
  const { pm2_env: given } = environment;
  if (given === undefined || script === undefined || !CONTAINER.test(script)) return;
  const ofApplication = JSON.parse(given) as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(ofApplication))
    if (/^(OTEL_|pm_id$|pm_exec_path$)/.test(name)) environment[name] = String(value);
}

/** The script of the application, where PM2 has started this process: not in what the application starts, which inherits. */
export function scriptOfPm2(environment: NodeJS.ProcessEnv, script = process.argv[1]): string | undefined {
  const { pm_exec_path: ofApplication } = environment;
  const isIt = script !== undefined && (script === ofApplication || CONTAINER.test(script));
  return isIt ? ofApplication : undefined;
}

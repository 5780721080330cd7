// Asks the gateway of this machine, for the HEALTHCHECK of the image and for the probes of Kubernetes.
//   node probe.mjs /-/ready
// The exit code is 0 if all is well. Where a login is needed, PROBE_USER and PROBE_PASSWORD are one.
const [path = "/-/healthy"] = process.argv.slice(2);
const { PROBE_URL = "http://127.0.0.1:9464", PROBE_USER, PROBE_PASSWORD } = process.env;

const login = Buffer.from(`${PROBE_USER}:${PROBE_PASSWORD}`).toString("base64");
const headers = PROBE_USER === undefined ? undefined : { authorization: `Basic ${login}` };

try {
  const response = await fetch(new URL(path, PROBE_URL), {
    ...(headers === undefined ? {} : { headers }),
    signal: AbortSignal.timeout(4000),
  });
  console.log(`${response.status} ${(await response.text()).trim()}`);
  // A process that asks for a login lives. Whether it is ready is known only with the login.
  const isWell = path === "/-/healthy" ? response.status < 500 : response.ok;
  process.exitCode = isWell ? 0 : 1;
} catch (error) {
  console.log(`no answer: ${error instanceof Error ? (error.cause ?? error.message) : error}`);
  process.exitCode = 1;
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "./child.ts";
import { alertmanager, pathOf } from "./components.ts";

/**
 * A real Alertmanager that sends every alert to one webhook at once. Its files are deleted when it
 * stops.
 */
export class AlertmanagerServer {
  readonly address: string;
  readonly #child: Child;
  readonly #folder: string;

  constructor(port: number, webhookUrl: string) {
    this.address = `127.0.0.1:${port}`;
    this.#folder = mkdtempSync(join(tmpdir(), "otel-forecast-alertmanager-"));
    const file = join(this.#folder, "alertmanager.yml");
    writeFileSync(file, JSON.stringify(configuration(webhookUrl)));
    this.#child = new Child(
      "alertmanager",
      pathOf(alertmanager),
      [
        `--config.file=${file}`,
        `--storage.path=${join(this.#folder, "data")}`,
        `--web.listen-address=${this.address}`,
        "--cluster.listen-address=",
        "--log.level=warn",
      ],
      { cwd: this.#folder },
    );
  }

  async ready(): Promise<void> {
    const url = `http://${this.address}/-/ready`;
    await this.#child.waitFor("/-/ready", async () => (await fetch(url)).ok || undefined);
  }

  async stop(): Promise<void> {
    await this.#child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The configuration as JSON, which is valid YAML. */
function configuration(url: string): object {
  return {
    route: {
      receiver: "test",
      group_by: ["alertname", "agent"],
      group_wait: "0s",
      group_interval: "1s",
      repeat_interval: "1h",
    },
    receivers: [{ name: "test", webhook_configs: [{ url, send_resolved: true }] }],
  };
}

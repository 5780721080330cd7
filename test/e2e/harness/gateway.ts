import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Child, packageRoot } from "./child.ts";

const CLI = join(packageRoot, "dist/cli.cjs");

/** Where a gateway listens: `host:port`. */
export interface GatewayAddresses {
  readonly otlpGrpc: string;
  readonly web: string;
}

/** A gateway with the file that the example for the Collector has, but faster. */
export class GatewayServer {
  readonly child: Child;
  readonly #folder = mkdtempSync(join(tmpdir(), "otel-forecast-gateway-"));

  /** `pushesTo`: it pushes its forecasts to this receiver of OTLP over HTTP. */
  static async start(addresses: GatewayAddresses, pushesTo?: string): Promise<GatewayServer> {
    const gateway = new GatewayServer(addresses, pushesTo);
    await gateway.child.waitFor(
      "an answer",
      async () => (await fetch(`http://${addresses.web}/-/healthy`)).ok || undefined,
    );
    return gateway;
  }

  private constructor({ otlpGrpc, web }: GatewayAddresses, pushesTo: string | undefined) {
    const file = parse(
      readFileSync(join(packageRoot, "examples/collector-configuration/gateway.yaml"), "utf8"),
    );
    const own = {
      ...file,
      interval: "1s",
      horizons: ["15s"],
      receivers: { otlp: { grpc: otlpGrpc } },
      outputs: {
        prometheus: { address: web },
        ...(pushesTo === undefined ? {} : { otlp: [{ endpoint: pushesTo }] }),
      },
    };
    writeFileSync(join(this.#folder, "gateway.yaml"), stringify(own));
    this.child = new Child("gateway", process.execPath, [CLI, "gateway", "--config", "gateway.yaml"], {
      cwd: this.#folder,
    });
  }

  async stop(): Promise<void> {
    await this.child.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

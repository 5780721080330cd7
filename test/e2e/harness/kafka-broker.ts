import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Admin, Producer } from "@platformatic/kafka";
import { Child } from "./child.ts";
import { java, kafkaBroker, pathOf } from "./components.ts";
import { freePorts } from "./free-ports.ts";

const CLUSTER_ID = "b3RlbC1mb3JlY2FzdC10ZQ";
const JAVA_OPTIONS = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** A real Apache Kafka broker, alone in its cluster. */
export class KafkaBroker {
  readonly child: Child;
  readonly address: string;
  readonly producer: Producer;
  readonly #folder: string;
  readonly #admin: Admin;

  static async start(): Promise<KafkaBroker> {
    const [port, controller] = (await freePorts(2)) as [number, number];
    const broker = new KafkaBroker(port, controller);
    await broker.child.waitFor("an answer of the broker", async () => {
      await broker.#admin.listTopics();
      return true;
    });
    return broker;
  }

  private constructor(port: number, controller: number) {
    this.#folder = mkdtempSync(join(tmpdir(), "otel-forecast-kafka-"));
    this.address = `127.0.0.1:${port}`;
    const properties = join(this.#folder, "server.properties");
    writeFileSync(properties, serverProperties(this.#folder, port, controller));
    const command = [...JAVA_OPTIONS, "-cp", join(pathOf(kafkaBroker), "*")];
    const formatted = spawnSync(
      pathOf(java),
      [...command, "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties, "--standalone"],
      { encoding: "utf8" },
    );
    if (formatted.status !== 0) throw new Error(`Kafka's storage can't be formatted: ${formatted.stderr}`);
    this.child = new Child("kafka", pathOf(java), [...command, "kafka.Kafka", properties]);
    const client = { clientId: "test", bootstrapBrokers: [this.address], retries: 0 };
    this.#admin = new Admin(client);
    this.producer = new Producer({ ...client, retries: 5 });
  }

  async createTopic(topic: string, partitions: number): Promise<void> {
    await this.#admin.createTopics({ topics: [topic], partitions, replicas: 1 });
  }

  async stop(): Promise<void> {
    await this.producer.close(true);
    await this.#admin.close();
    await this.child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function serverProperties(folder: string, port: number, controller: number): string {
  return `
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:${controller}
log.dirs=${join(folder, "data")}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
`;
}

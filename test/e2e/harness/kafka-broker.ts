import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Admin, Producer } from "@platformatic/kafka";
import { eventually } from "../../eventually.ts";
import { Child } from "./child.ts";
import { java, kafkaBroker, pathOf } from "./components.ts";
import { freePorts } from "./free-ports.ts";

const CLUSTER_ID = "b3RlbC1mb3JlY2FzdC10ZQ";
/** The login of the listener with encryption. */
export const KAFKA_LOGIN = { username: "gateway", password: "secret-of-kafka" };
/** Certificates: that of the broker and that of a client are signed by `authority.crt`. */
export const CERTIFICATES = resolve(import.meta.dirname, "../../fixtures/web");
const JAVA_OPTIONS = ["-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/** A real Apache Kafka broker, alone in its cluster. */
export class KafkaBroker {
  readonly child: Child;
  readonly address: string;
  /** Where it expects encryption, a certificate of the client, and a login by SCRAM-SHA-512 or PLAIN. */
  readonly securedAddress: string;
  readonly producer: Producer;
  readonly #folder: string;
  readonly #admin: Admin;

  static async start(): Promise<KafkaBroker> {
    const [port, secured, controller] = (await freePorts(3)) as [number, number, number];
    const broker = new KafkaBroker({ port, secured, controller });
    await broker.child.waitFor("an answer of the broker", async () => {
      await broker.#admin.listTopics();
      return true;
    });
    return broker;
  }

  private constructor(ports: Ports) {
    this.#folder = mkdtempSync(join(tmpdir(), "otel-forecast-kafka-"));
    this.address = `127.0.0.1:${ports.port}`;
    this.securedAddress = `localhost:${ports.secured}`;
    const properties = join(this.#folder, "server.properties");
    writeFileSync(properties, serverProperties(this.#folder, ports));
    const command = [...JAVA_OPTIONS, "-cp", join(pathOf(kafkaBroker), "*")];
    const { username, password } = KAFKA_LOGIN;
    const user = `SCRAM-SHA-512=[name=${username},password=${password}]`;
    const format = ["format", "-t", CLUSTER_ID, "-c", properties, "--standalone", "--add-scram", user];
    const formatted = spawnSync(pathOf(java), [...command, "kafka.tools.StorageTool", ...format], {
      encoding: "utf8",
    });
    if (formatted.status !== 0) throw new Error(`Kafka's storage can't be formatted: ${formatted.stderr}`);
    this.child = new Child("kafka", pathOf(java), [...command, "kafka.Kafka", properties]);
    const client = { clientId: "test", bootstrapBrokers: [this.address], retries: 0 };
    this.#admin = new Admin(client);
    this.producer = new Producer({ ...client, retries: 5 });
  }

  async createTopic(topic: string, partitions: number): Promise<void> {
    await this.#admin.createTopics({ topics: [topic], partitions, replicas: 1 });
    // The broker knows a topic that was deleted just before only a moment later.
    await eventually(() => this.producer.metadata({ topics: [topic], forceUpdate: true }));
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
  }

  /** Deletes all records of the one partition of a topic, as if their time were over. */
  async deleteRecords(topic: string): Promise<void> {
    const upToTheEnd = { name: topic, partitions: [{ partition: 0, offset: -1n }] };
    await this.#admin.deleteRecords({ topics: [upToTheEnd] });
  }

  async stop(): Promise<void> {
    await this.producer.close(true);
    await this.#admin.close();
    await this.child.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

interface Ports {
  readonly port: number;
  readonly secured: number;
  readonly controller: number;
}

function serverProperties(folder: string, { port, secured, controller }: Ports): string {
  const keys = join(folder, "keys.pem");
  const parts = ["server.key", "server.crt"].map((name) => readFileSync(join(CERTIFICATES, name), "utf8"));
  writeFileSync(keys, parts.join(""));
  const { username, password } = KAFKA_LOGIN;
  const modules = "org.apache.kafka.common.security";
  return `
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:${port},SASL_SSL://127.0.0.1:${secured},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${port},SASL_SSL://localhost:${secured}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512
listener.name.sasl_ssl.plain.sasl.jaas.config=${modules}.plain.PlainLoginModule required user_${username}="${password}";
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${modules}.scram.ScramLoginModule required;
listener.name.sasl_ssl.ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=${keys}
ssl.truststore.type=PEM
ssl.truststore.location=${join(CERTIFICATES, "authority.crt")}
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

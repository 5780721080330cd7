import { readFileSync } from "node:fs";
import protobuf from "protobufjs";
import { atOnce } from "/opt/h14/otlp/src/core/yielding-runner.ts";
import { decodeJson } from "/opt/h14/otlp/src/wire/otlp/decode-json.ts";
import { decodeProtobuf } from "/opt/h14/otlp/src/wire/otlp/decode-protobuf.ts";
import { ExportResult } from "/opt/h14/otlp/src/wire/otlp/export-result.ts";

const root = protobuf.parse(readFileSync("/opt/h14/otlp/test/fixtures/otlp/metrics.proto", "utf8")).root;
const Req = root.lookupType("otlp.ExportMetricsServiceRequest");
function attrs(i, n = 5) {
  return Array.from({ length: n }, (_, k) => ({
    key: `attribute.name.${k}`,
    value: { stringValue: `value-${(i * 7 + k) % 97}-${i}` },
  }));
}
function body(metrics, points) {
  return Req.encode(
    Req.fromObject({
      resourceMetrics: [
        {
          resource: { attributes: attrs(1, 8) },
          scopeMetrics: [
            {
              scope: { name: "my.scope", version: "1.0" },
              metrics: Array.from({ length: metrics }, (_, m) => ({
                name: `metric.${m}`,
                unit: "ms",
                description: "some description of it",
                sum: {
                  aggregationTemporality: 2,
                  isMonotonic: true,
                  dataPoints: Array.from({ length: points }, (_, i) => ({
                    attributes: attrs(i),
                    startTimeUnixNano: "1700000000000000000",
                    timeUnixNano: "1700000010123456789",
                    asDouble: i * 1.5,
                  })),
                },
              })),
            },
          ],
        },
      ],
    }),
  ).finish();
}
class Intake {
  r = new Map();
  resource(k, read) {
    let x = this.r.get(k);
    if (!x) {
      read();
      x = new R();
      this.r.set(k, x);
    }
    return x;
  }
}
class R {
  m = new Map();
  metric(k, read) {
    let x = this.m.get(k);
    if (!x) {
      x = new M(read());
      this.m.set(k, x);
    }
    return x;
  }
}
class M {
  s = new Map();
  constructor(h) {
    this.header = h;
  }
  stream(k, read) {
    let x = this.s.get(k);
    if (!x) {
      x = new S(read());
      this.s.set(k, x);
    }
    return x;
  }
}
class S {
  constructor(l) {
    this.l = l;
    this.v = 0;
    this.at = 0;
  }
  number(v, at, s) {
    this.v = v;
    this.at = at;
  }
  histogram() {}
  end() {}
}
function run(name, b, points, fn) {
  for (let i = 0; i < 5; i++) fn(b);
  const t = performance.now();
  let n = 0;
  while (performance.now() - t < 1500) {
    fn(b);
    n++;
  }
  const ms = performance.now() - t;
  console.log(
    name,
    ((n * points) / ms / 1000).toFixed(2),
    "M points/s",
    (b.length / points).toFixed(0),
    "B/point",
  );
}
for (const [m, p] of JSON.parse(process.argv[2] ?? "[[100,100],[10000,1],[1,10000]]")) {
  const b = body(m, p);
  const intake = new Intake();
  run(`ours ${m}x${p}`, b, m * p, (b) => {
    const r = new ExportResult();
    atOnce(decodeProtobuf(b, intake, r));
    if (r.taken !== m * p) throw new Error("x" + r.taken);
  });
  {
    const j = Buffer.from(JSON.stringify(Req.toObject(Req.decode(b), { longs: String })));
    const i2 = new Intake();
    run(`json ${m}x${p}`, j, m * p, (b) => {
      const r = new ExportResult();
      atOnce(decodeJson(b, i2, r));
      if (r.taken !== m * p) throw new Error("x" + r.taken);
    });
    run(`JSON.parse ${m}x${p}`, j, m * p, (b) => JSON.parse(b.toString()));
  }
  if (!process.env.ONLY) run(`protobufjs ${m}x${p}`, b, m * p, (b) => Req.decode(b));
}

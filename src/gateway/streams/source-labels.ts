import { emptyLabels, type Labels } from "../../core/series-key.ts";

/**
 * Attributes that tell the instances of a service apart, the best one first. A sender that sets no
 * `service.instance.id` is told apart by where it runs.
 */
const INSTANCE_ATTRIBUTES = [
  "service.instance.id",
  "k8s.pod.uid",
  "k8s.pod.name",
  "container.id",
  "host.name",
  "host.id",
];

/**
 * The labels `job` and `instance` of a resource, as Prometheus makes them.
 *
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes-1
 */
export function targetLabels(resource: Labels): Labels {
  const labels = emptyLabels();
  const name = resource["service.name"];
  const namespace = resource["service.namespace"];
  if (name !== undefined && name !== "") labels.job = namespace ? `${namespace}/${name}` : name;
  for (const attribute of INSTANCE_ATTRIBUTES) {
    const instance = resource[attribute];
    if (instance === undefined || instance === "") continue;
    labels.instance = instance;
    break;
  }
  return labels;
}

/**
 * The labels of a stream: the attributes of its points, and the labels of its target.
 *
 * @param fixed labels that no attribute replaces.
 */
export function streamLabels(target: Labels, attributes: Labels, fixed: Labels): Labels {
  const labels = emptyLabels();
  for (const name of Object.keys(target)) labels[name] = target[name] as string;
  // As in Prometheus with `honor_labels`: what a point says of itself wins.
  for (const name of Object.keys(attributes)) labels[name === "" ? "_" : name] = attributes[name] as string;
  for (const name of Object.keys(fixed)) labels[name] = fixed[name] as string;
  return labels;
}

import { diag, metrics } from "@opentelemetry/api";

/** The part of `@opentelemetry/instrumentation` that instrumentations without hooks need. */
export class InstrumentationBase {
  constructor(name, version, config) {
    this.instrumentationName = name;
    this.instrumentationVersion = version;
    this._config = { enabled: true, ...config };
    this._diag = diag.createComponentLogger({ namespace: name });
    this.meter = metrics.getMeter(name, version);
    this._updateMetricInstruments();
    if (this._config.enabled) this.enable();
  }

  _updateMetricInstruments() {}

  enable() {}

  disable() {}

  isEnabled() {
    return this._config.enabled;
  }

  getConfig() {
    return this._config;
  }

  setMeterProvider(provider) {
    this.meter = provider.getMeter(this.instrumentationName, this.instrumentationVersion);
    this._updateMetricInstruments();
  }
}

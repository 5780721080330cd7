import type { FittedMethod, Method } from "../method.ts";
const num = (name: string, d: number): number => Number((globalThis as any).process?.env?.[name] ?? d);
const C = num("RC", 4), REACH = num("REACH", 3), TMIN = num("TMIN", 3), TMIN2 = num("TMIN2", 6), NU0 = num("NU0", 2), CONFIRM = 2;
const B = num("BOOST", 30), L = num("BLEN", 12);

class Segment {
  n = 0; sx = 0; sy = 0; sxx = 0; sxy = 0; syy = 0; readonly start: number; readonly y0: number;
  constructor(start: number, y0: number) { this.start = start; this.y0 = y0; }
  add(t: number, y: number): void { const x = t - this.start, v = y - this.y0; this.n++; this.sx += x; this.sy += v; this.sxx += x * x; this.sxy += x * v; this.syy += v * v; }
  get Sxx(): number { return this.sxx - (this.sx * this.sx) / this.n; }
  get Sxy(): number { return this.sxy - (this.sx * this.sy) / this.n; }
  get rawSlope(): number { return this.n >= 2 && this.Sxx > 0 ? this.Sxy / this.Sxx : 0; }
  get ssr(): number { return Math.max(0, this.syy - (this.sy * this.sy) / this.n - (this.Sxx > 0 ? this.Sxy ** 2 / this.Sxx : 0)); }
  line(t: number, slope: number): number { return this.y0 + this.sy / this.n + slope * (t - this.start - this.sx / this.n); }
  leverage(t: number, sloped: boolean): number { const d = t - this.start - this.sx / this.n; return Math.sqrt(1 + 1 / this.n + (sloped && this.Sxx > 0 ? (d * d) / this.Sxx : 0)); }
  tValue(sigma2: number): number { const s2 = this.n > 2 ? (NU0 * sigma2 + this.ssr) / (NU0 + this.n - 2) : sigma2; return this.Sxx > 0 ? Math.abs(this.rawSlope) / (Math.sqrt(s2 / this.Sxx) + 1e-9) : 0; }
}

export class Regime implements FittedMethod {
  seg: Segment | undefined; t = 0; last = Number.NaN; seen = 0; var_ = 0; maxDev = 0; pending: { t: number; y: number; r: number }[] = [];
  past: { first: number; end: number; slope: number; n: number }[] = []; inherited = 0; inheritedN = 0; evidence = 0; segments = 0;
  update(value: number): void {
    this.t += 1;
    if (Number.isNaN(value)) return;
    this.last = value;
    const seg = this.seg;
    if (seg === undefined) { this.seg = new Segment(this.t, value); this.seg.add(this.t, value); return; }
    const sigma = Math.sqrt(this.var_);
    const slope = this.slope;
    let r = (value - seg.line(this.t, slope)) / seg.leverage(this.t, slope === seg.rawSlope && slope !== 0);
    if (seg.n < 8 && this.segments > 0) { const r2 = (value - seg.line(this.t, seg.rawSlope)) / seg.leverage(this.t, true); if (Math.abs(r2) < Math.abs(r)) r = r2; }
    if (this.seen >= 5 && Math.abs(r) > C * sigma + 1e-9) {
      if (this.pending.length > 0 && Math.sign(this.pending[0]!.r) !== Math.sign(r)) this.#dismiss();
      this.pending.push({ t: this.t, y: value, r });
      if (this.pending.length >= CONFIRM) this.#restart();
      return;
    }
    this.#dismiss();
    this.seen++;
    const w = Math.max(1 / this.seen, 0.05);
    this.var_ += w * (r * r - this.var_);
    this.maxDev = Math.max(this.maxDev * num("FADE", 0.995), Math.abs(r));
    seg.add(this.t, value);
  }
  #dismiss(): void { for (const { r } of this.pending) this.maxDev = Math.max(this.maxDev, Math.abs(r)); this.pending = []; }
  #restart(): void {
    const old = this.seg!, slope = this.slope;
    this.past.push({ first: old.line(old.start, slope), end: old.line(this.pending[0]!.t - 1, slope), slope, n: old.n });
    if (this.past.length > 8) this.past.shift();
    const dev = Math.min(...this.pending.map(({ r }) => Math.abs(r)));
    this.evidence = dev / (this.maxDev + 1e-9);
    const [first] = this.pending; this.seg = new Segment(first!.t, first!.y); for (const { t, y } of this.pending) this.seg.add(t, y);
    this.maxDev = Math.max(this.maxDev, dev);
    this.pending = []; this.segments++;
    const y = this.seg.line(this.t, 0), tolerance = 3 * Math.sqrt(this.var_) + 1e-9;
    this.inherited = 0; this.inheritedN = 0;
    for (const p of this.past) if (p.n >= 5 && (p.slope !== 0 || Math.abs(p.end - y) < tolerance)) { this.inherited = p.slope; this.inheritedN = p.n; if (p.slope === 0) break; }
  }
  get slope(): number {
    const seg = this.seg!;
    const own = seg.n >= 3 ? seg.tValue(this.var_) >= TMIN : seg.n === 2 && this.var_ > 0 && seg.tValue(this.var_) >= TMIN2 && Math.abs(seg.rawSlope) < num("JUMPY", 10) * Math.sqrt(this.var_);
    if (own) return seg.rawSlope;
    return seg.n < 8 ? this.inherited : 0;
  }
  get boost(): number {
    if (this.segments === 0 || this.pending.length > 0 || this.seen < num("MINSEEN", 10)) return 1;
    const sure = Math.min(1, Math.max(0, (this.evidence - num("E0", 1)) / num("EW", 2)));
    return 1 + (B - 1) * sure * Math.min(1, Math.max(0, 2 - this.age / L));
  }
  get age(): number { return this.t - this.seg!.start + 1; }
  at(steps: number): number {
    const seg = this.seg; if (seg === undefined) return Number.NaN;
    const slope = this.slope;
    const trusted = REACH * Math.max(this.age, slope === this.inherited ? this.inheritedN : 0);
    const h = Math.min(steps, trusted);
    return (this.pending.length > 0 ? this.last : seg.line(this.t, slope)) + slope * h;
  }
}
export const regimeTrend: Method = { name: "regime-trend", fit(history) { const s = new Regime(); for (const v of history.values) s.update(v); return s; } };

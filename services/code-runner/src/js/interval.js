// `Interval`, by the interface of Luxon: the time between two moments; the end does not belong to it. Evaluates to a function that
// makes the class.
(function (DateTime, Duration) {
  'use strict';
  const moment = (value) => {
    if (value instanceof DateTime) return value;
    if (value instanceof Date) return DateTime.fromJSDate(value);
    if (value && typeof value === 'object') return DateTime.fromObject(value);
    throw new Error(`Unknown datetime argument: ${value}, of type ${typeof value}`);
  };
  class Interval {
    constructor(start, end, reason = null) {
      this.s = start;
      this.e = end;
      Object.defineProperty(this, 'invalidReason', { value: reason });
    }
    static fromDateTimes(start, end) {
      const [s, e] = [moment(start), moment(end)];
      if (!s.isValid) return Interval.invalid('missing or invalid start');
      if (!e.isValid) return Interval.invalid('missing or invalid end');
      return e < s ? Interval.invalid('end before start') : new Interval(s, e);
    }
    static after(start, duration) { return Interval.fromDateTimes(start, moment(start).plus(duration)); }
    static before(end, duration) { return Interval.fromDateTimes(moment(end).minus(duration), end); }
    static invalid(reason) { return new Interval(null, null, String(reason)); }
    static isInterval(value) { return value instanceof Interval; }
    static fromISO(text, options) {
      const [first, second] = String(text).split('/', 2);
      if (!first || !second) return Interval.invalid('unparsable');
      const [start, end] = [DateTime.fromISO(first, options), DateTime.fromISO(second, options)];
      if (start.isValid && end.isValid) return Interval.fromDateTimes(start, end);
      const length = Duration.fromISO(start.isValid ? second : first);
      if (!length.isValid || (!start.isValid && !end.isValid)) return Interval.invalid('unparsable');
      return start.isValid ? Interval.after(start, length) : Interval.before(end, length);
    }
    static merge(intervals) {
      const made = [];
      for (const next of [...intervals].sort((a, b) => a.s - b.s)) {
        const last = made.at(-1);
        if (last && next.s <= last.e) made[made.length - 1] = last.union(next); else made.push(next);
      }
      return made;
    }
    // The parts of time that an odd number of the intervals cover.
    static xor(intervals) {
      const ends = intervals.flatMap(({ s, e }) => [s, e]).sort((a, b) => a - b), made = [];
      for (let i = 0; i + 1 < ends.length; i += 2) if (+ends[i] !== +ends[i + 1]) made.push(new Interval(ends[i], ends[i + 1]));
      return Interval.merge(made);
    }

    get start() { return this.isValid ? this.s : null; }
    get end() { return this.isValid ? this.e : null; }
    get lastDateTime() { return this.isValid ? this.e.minus(1) : null; }
    get isValid() { return this.invalidReason === null; }
    get invalidExplanation() { return null; }
    length(unit = 'milliseconds') { return this.isValid ? this.toDuration(unit).get(unit) : NaN; }
    count(unit = 'milliseconds') {
      if (!this.isValid) return NaN;
      const start = this.s.startOf(unit), end = this.e.startOf(unit);
      return Math.floor(end.diff(start, unit).get(unit)) + (+end === +this.e ? 0 : 1);
    }
    toDuration(unit, options) { return this.isValid ? this.e.diff(this.s, unit, options) : Duration.invalid(this.invalidReason); }
    hasSame(unit) { return this.isValid && (this.isEmpty() || this.e.minus(1).hasSame(this.s, unit)); }
    contains(at) { return this.isValid && this.s <= at && this.e > at; }
    isEmpty() { return +this.s === +this.e; }
    isBefore(at) { return this.isValid && this.e <= at; }
    isAfter(at) { return this.isValid && this.s > at; }
    overlaps(other) { return this.e > other.s && this.s < other.e; }
    engulfs(other) { return this.isValid && this.s <= other.s && this.e >= other.e; }
    abutsStart(other) { return this.isValid && +this.e === +other.s; }
    abutsEnd(other) { return this.isValid && +other.e === +this.s; }
    equals(other) { return this.isValid && other.isValid && this.s.equals(other.s) && this.e.equals(other.e); }
    set({ start, end } = {}) { return this.isValid ? Interval.fromDateTimes(start || this.s, end || this.e) : this; }
    mapEndpoints(change) { return Interval.fromDateTimes(change(this.s), change(this.e)); }
    intersection(other) {
      const [s, e] = [DateTime.max(this.s, other.s), DateTime.min(this.e, other.e)];
      return s >= e ? null : Interval.fromDateTimes(s, e);
    }
    union(other) { return Interval.fromDateTimes(DateTime.min(this.s, other.s), DateTime.max(this.e, other.e)); }
    difference(...others) { return Interval.xor([this, ...others]).map((part) => this.intersection(part)).filter((part) => part && !part.isEmpty()); }
    splitAt(...moments) {
      const cuts = moments.map(moment).filter((at) => this.contains(at)).sort((a, b) => a - b);
      return this.#pieces([...cuts, this.e]);
    }
    splitBy(duration) {
      const step = Duration.of(duration), ends = [];
      if (!this.isValid || !step.isValid || step.toMillis() === 0) return [];
      // Counted from the start, so that the 31st stays the last day of months.
      for (let i = 1; ends.length === 0 || ends.at(-1) < this.e; i += 1) {
        ends.push(DateTime.min(this.s.plus(step.mapUnits((n) => n * i)), this.e));
        if (+ends.at(-1) <= +(ends.at(-2) ?? this.s)) return [];
      }
      return this.#pieces(ends);
    }
    divideEqually(pieces) { return this.isValid ? this.splitBy({ milliseconds: this.length() / pieces }).slice(0, pieces) : []; }
    #pieces(ends) {
      const made = [];
      let at = this.s;
      for (const end of ends) {
        if (end > at) made.push(new Interval(at, end));
        at = end;
      }
      return made;
    }
    #both(write, separator) { return this.isValid ? write(this.s) + separator + write(this.e) : 'Invalid Interval'; }
    toISO(options) { return this.#both((at) => at.toISO(options), '/'); }
    toISODate() { return this.#both((at) => at.toISODate(), '/'); }
    toISOTime(options) { return this.#both((at) => at.toISOTime(options), '/'); }
    toFormat(format, { separator = ' – ' } = {}) { return this.#both((at) => at.toFormat(format), separator); }
    toLocaleString(options, others) { return this.#both((at) => at.toLocaleString(options, others), ' – '); }
    toJSON() { return this.isValid ? this.toISO() : null; }
    toString() { return this.isValid ? `[${this.s.toISO()} – ${this.e.toISO()})` : 'Invalid Interval'; }
  }
  return Interval;
})

// `Duration`, by the interface of Luxon: an amount of each of some units. Evaluates to a function that makes the class; `clockOf`
// writes milliseconds as a time of the day. A month counts 30 days, a quarter 91 and a year 365, but a year is also 12 months.
(function (evaluate, clockOf) {
  'use strict';
  const DAY = 86400000;
  const ORDER = ['years', 'quarters', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds', 'milliseconds'];
  const MILLISECONDS = { years: 365 * DAY, quarters: 91 * DAY, months: 30 * DAY, weeks: 7 * DAY, days: DAY, hours: 3600000,
    minutes: 60000, seconds: 1000, milliseconds: 1 };
  // What the units of the calendar are to each other, where that is not what their days say.
  const CALENDAR = { years: { quarters: 4, months: 12, weeks: 52 }, quarters: { months: 3, weeks: 13 }, months: { weeks: 4 } };
  const ratio = (large, small) => CALENDAR[large]?.[small] ?? MILLISECONDS[large] / MILLISECONDS[small];
  const plural = (unit) => {
    const name = String(unit).toLowerCase();
    const units = name.endsWith('s') ? name : name + 's';
    if (!(units in MILLISECONDS)) throw new Error(`Invalid unit ${unit}`);
    return units;
  };
  const amount = (n) => {
    if (typeof n === 'boolean' || n === '' || Number.isNaN(Number(n))) throw new Error(`Invalid unit value ${n}`);
    return Number(n);
  };
  const sorted = (values) => ORDER.filter((unit) => values[unit] !== undefined).map((unit) => [unit, values[unit]]);
  const millis = (values) => sorted(values).reduce((sum, [unit, n]) => sum + n * MILLISECONDS[unit], 0);
  // What is too much for a unit goes up to the next larger one that is there, then fractions go down.
  const normal = (values) => {
    const made = { ...values }, units = sorted(values).map(([unit]) => unit), sign = millis(values) < 0 ? -1 : 1;
    for (let i = units.length - 1; i > 0; i -= 1) {
      const per = ratio(units[i - 1], units[i]), over = Math.floor(made[units[i]] * sign / per);
      made[units[i - 1]] += over * sign;
      made[units[i]] -= over * per * sign;
    }
    for (let i = 0; i < units.length - 1; i += 1) {
      const part = made[units[i]] % 1;
      made[units[i]] -= part;
      made[units[i + 1]] += part * ratio(units[i], units[i + 1]);
    }
    return made;
  };
  const shifted = (values, units) => {
    const made = {}, left = {};
    let last;
    for (const unit of ORDER) {
      if (!units.includes(unit)) {
        if (values[unit]) left[unit] = values[unit];
        continue;
      }
      let own = values[unit] ?? 0;
      for (const larger of Object.keys(left)) {
        own += left[larger] * ratio(larger, unit);
        delete left[larger];
      }
      made[unit] = Math.trunc(own);
      left[unit] = (own * 1000 - made[unit] * 1000) / 1000;
      last = unit;
    }
    for (const [unit, n] of Object.entries(left)) if (n) made[last] += unit === last ? n : n / ratio(last, unit);
    return normal(made);
  };
  const ISO = /^(-)?P(?:(-?[\d.]+)Y)?(?:(-?[\d.]+)M)?(?:(-?[\d.]+)W)?(?:(-?[\d.]+)D)?(?:T(?:(-?[\d.]+)H)?(?:(-?[\d.]+)M)?(?:(-)?(\d+)(?:[.,](\d+))?S)?)?$/;
  const LETTERS = { y: 'years', M: 'months', w: 'weeks', d: 'days', h: 'hours', m: 'minutes', s: 'seconds', S: 'milliseconds' };

  class Duration {
    constructor(values, reason = null) {
      this.values = values;
      Object.defineProperty(this, 'invalidReason', { value: reason });
    }
    static of(values) {
      if (values instanceof Duration) return values;
      if (typeof values === 'number') return new Duration({ milliseconds: values });
      if (typeof values !== 'object' || values === null) throw new Error(`Unknown duration argument ${values} of type ${typeof values}`);
      const given = Object.entries(values).filter(([, n]) => n !== undefined && n !== null);
      return new Duration(Object.fromEntries(given.map(([unit, n]) => [plural(unit), amount(n)])));
    }
    static fromObject(values) { return Duration.of(values); }
    static fromDurationLike(values) { return Duration.of(values); }
    static fromMillis(milliseconds) { return new Duration({ milliseconds: amount(milliseconds) }); }
    static isDuration(value) { return value instanceof Duration; }
    static invalid(reason) { return new Duration({}, String(reason)); }
    static fromISO(text) {
      const found = ISO.exec(text);
      if (!found || !/\d/.test(text)) return Duration.invalid('unparsable');
      const sign = found[1] ? -1 : 1, values = {};
      ['years', 'months', 'weeks', 'days', 'hours', 'minutes'].forEach((unit, i) => {
        if (found[i + 2] !== undefined) values[unit] = sign * Number(found[i + 2]);
      });
      const ofSeconds = found[8] ? -sign : sign;
      if (found[9] !== undefined) values.seconds = ofSeconds * Number(found[9]);
      if (found[10] !== undefined) values.milliseconds = ofSeconds * Math.floor(Number(`0.${found[10]}`) * 1000);
      return new Duration(values);
    }
    static fromISOTime(text) {
      const found = /^T?(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?$/.exec(text);
      if (!found) return Duration.invalid('unparsable');
      const milliseconds = found[4] && Math.floor(Number(`0.${found[4]}`) * 1000);
      return Duration.of({ hours: found[1], minutes: found[2], seconds: found[3], milliseconds });
    }

    get isValid() { return this.invalidReason === null; }
    get invalidExplanation() { return null; }
    get locale() { return this.isValid ? 'en-US' : null; }
    #made(change) { return this.isValid ? new Duration(change(this.values)) : this; }
    as(unit) { return this.isValid ? shifted(this.values, [plural(unit)])[plural(unit)] : NaN; }
    get(unit) { return this[plural(unit)]; }
    toMillis() { return this.isValid ? millis(this.values) : NaN; }
    set(values) { return this.#made((own) => ({ ...own, ...Duration.of(values).values })); }
    reconfigure() { return this; }
    plus(other) {
      const added = Duration.of(other).values;
      return this.#made((own) => Object.fromEntries(ORDER.filter((unit) => unit in own || unit in added)
        .map((unit) => [unit, (own[unit] ?? 0) + (added[unit] ?? 0)])));
    }
    minus(other) { return this.plus(Duration.of(other).negate()); }
    mapUnits(change) {
      return this.#made((own) => Object.fromEntries(Object.entries(own).map(([unit, n]) => [unit, amount(change(n, unit))])));
    }
    negate() { return this.mapUnits((n) => (n === 0 ? 0 : -n)); }
    normalize() { return this.#made(normal); }
    shiftTo(...units) { return units.length ? this.#made((own) => shifted(own, units.map(plural))) : this; }
    shiftToAll() { return this.shiftTo(...ORDER.filter((unit) => unit !== 'quarters')); }
    removeZeros() { return this.#made((own) => Object.fromEntries(Object.entries(own).filter(([, n]) => n !== 0))); }
    rescale() { return this.shiftToAll().removeZeros(); }
    equals(other) {
      return other instanceof Duration && this.isValid && other.isValid
        && ORDER.every((unit) => (this.values[unit] ?? 0) === (other.values[unit] ?? 0));
    }
    toObject() { return { ...this.values }; }
    toFormat(format, { floor = true } = {}) {
      if (!this.isValid) return 'Invalid Duration';
      const token = /'([^']*)'|([a-zA-Z])\2*/g;
      const units = [...format.matchAll(token)].map(([, , letter]) => LETTERS[letter]).filter((unit) => unit);
      const { values } = units.length ? this.shiftTo(...units) : this;
      return format.replace(token, (all, quoted, letter) => {
        if (quoted !== undefined) return quoted;
        if (!(letter in LETTERS)) return all;
        const n = values[LETTERS[letter]] ?? 0, shown = floor ? Math.floor(n) : Math.round(n * 1000) / 1000;
        const [whole, part] = String(Math.abs(shown)).split('.');
        return (shown < 0 || Object.is(shown, -0) ? '-' : '') + whole.padStart(all.length, '0') + (part ? '.' + part : '');
      });
    }
    toHuman(options) {
      if (!this.isValid) return 'Invalid Duration';
      const kept = sorted(this.values).filter(([, n]) => n !== 0 || options?.showZeros !== false);
      return evaluate('{{ Duration.fromObject($values).toHuman($options) }}', { $values: Object.fromEntries(kept), $options: options });
    }
    toISO() {
      if (!this.isValid) return null;
      const v = { ...this.values, months: (this.values.months ?? 0) + 3 * (this.values.quarters ?? 0) };
      const seconds = Math.round(((v.seconds ?? 0) + (v.milliseconds ?? 0) / 1000) * 1000) / 1000;
      const part = (units) => units.map(([unit, letter]) => (v[unit] ? v[unit] + letter : '')).join('');
      const date = part([['years', 'Y'], ['months', 'M'], ['weeks', 'W'], ['days', 'D']]);
      const time = part([['hours', 'H'], ['minutes', 'M']]) + (seconds ? seconds + 'S' : '');
      return date || time ? `P${date}${time && 'T' + time}` : 'PT0S';
    }
    toISOTime(options) {
      const ms = this.toMillis();
      return ms >= 0 && ms < DAY ? clockOf(ms, options) : null;
    }
    valueOf() { return this.toMillis(); }
    toString() { return this.toISO(); }
    toJSON() { return this.toISO(); }
  }
  for (const unit of ORDER) {
    Object.defineProperty(Duration.prototype, unit, { get() { return this.isValid ? this.values[unit] ?? 0 : NaN; } });
  }
  return { Duration, ORDER, MILLISECONDS, plural };
})

// `DateTime`: the part of Luxon's class that workflow code commonly uses, over one host function, so that it means the same on
// every JavaScript engine (not all have `Intl`). What needs the names and the order of a language is asked of `evaluate`, which
// takes an expression and its values. Evaluates to a function that makes the classes.
(function (offsetMinutes, defaults, evaluate) {
  'use strict';
  const MINUTE = 60000, DAY = 86400000;
  const MILLISECONDS = { weeks: 7 * DAY, days: DAY, hours: 3600000, minutes: MINUTE, seconds: 1000, milliseconds: 1 };
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
    'November', 'December'];
  const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  const pad = (number, width = 2) => (number < 0 ? '-' : '') + String(Math.abs(number)).padStart(width, '0');
  const plural = (unit) => {
    const name = String(unit).toLowerCase();
    const units = name.endsWith('s') ? name : name + 's';
    if (!(units in MILLISECONDS) && !['years', 'quarters', 'months'].includes(units)) throw new Error(`Invalid unit ${unit}`);
    return units;
  };
  const zoneOf = (zone) => (zone === undefined || zone === null || zone === 'local' || zone === 'default' ? defaults().zone
    : String(zone).toLowerCase() === 'utc' ? 'UTC' : String(zone));
  const fixed = (zone) => {
    const found = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(zone);
    return found && (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0));
  };
  const offsetOf = (zone, ts) => (zone === 'UTC' ? 0 : fixed(zone) ?? offsetMinutes(zone, ts) ?? NaN);
  const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
  // The moment at which clocks in `zone` show `local`. Within a gap the time before it counts on, as in Luxon.
  const resolve = (local, zone) => {
    const guess = local - offsetOf(zone, local) * MINUTE;
    const second = local - offsetOf(zone, guess) * MINUTE;
    return offsetOf(zone, second) === offsetOf(zone, guess) ? second : Math.max(guess, second);
  };
  const utc = (year, month, day, hour = 0, minute = 0, second = 0, ms = 0) => {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, ms);
    return date.getTime();
  };

  class Duration {
    constructor(values) { this.values = values; }
    as(unit) {
      const total = Object.entries(this.values).reduce((sum, [name, n]) => sum + n * (MILLISECONDS[name] ?? 30 * DAY), 0);
      const units = plural(unit);
      return units in this.values && Object.keys(this.values).length === 1 ? this.values[units] : total / MILLISECONDS[units];
    }
    toMillis() { return this.as('milliseconds'); }
    static of(values) {
      return new Duration(Object.fromEntries(Object.entries(values ?? {}).map(([unit, n]) => [plural(unit), Number(n)])));
    }
    static fromObject(values) { return Duration.of(values); }
    static fromMillis(milliseconds) { return new Duration({ milliseconds }); }
    static fromISO(text) {
      const found = /^(-)?P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/.exec(text);
      const units = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'];
      const given = units.map((unit, i) => [unit, found?.[i + 2]]).filter(([, n]) => n !== undefined);
      return new Duration(Object.fromEntries(given.map(([unit, n]) => [unit, (found[1] ? -1 : 1) * Number(n)])));
    }
    plus(other) {
      const sum = { ...this.values };
      for (const [unit, n] of Object.entries(Duration.of(other?.values ?? other).values)) sum[unit] = (sum[unit] ?? 0) + n;
      return new Duration(sum);
    }
    minus(other) { return this.plus(Duration.of(other?.values ?? other).negate()); }
    negate() { return Duration.of(Object.fromEntries(Object.entries(this.values).map(([unit, n]) => [unit, -n]))); }
    shiftTo(...units) {
      const order = Object.keys(MILLISECONDS).filter((name) => units.map(plural).includes(name));
      let rest = this.toMillis();
      const values = {};
      order.forEach((name, i) => {
        values[name] = i === order.length - 1 ? rest / MILLISECONDS[name] : Math.trunc(rest / MILLISECONDS[name]);
        rest -= values[name] * MILLISECONDS[name];
      });
      return new Duration(values);
    }
    toHuman() {
      return Object.entries(this.values).map(([unit, n]) => `${n} ${n === 1 ? unit.slice(0, -1) : unit}`).join(', ');
    }
    toISO() {
      const part = (units) => units.map(([unit, letter]) => (this.values[unit] ? this.values[unit] + letter : '')).join('');
      const seconds = (this.values.seconds ?? 0) + (this.values.milliseconds ?? 0) / 1000;
      const date = part([['years', 'Y'], ['months', 'M'], ['weeks', 'W'], ['days', 'D']]);
      const time = part([['hours', 'H'], ['minutes', 'M']]) + (seconds ? seconds + 'S' : '');
      return date || time ? `P${date}${time && 'T' + time}` : 'PT0S';
    }
    toObject() { return { ...this.values }; }
    valueOf() { return this.toMillis(); }
    toJSON() { return this.toObject(); }
  }
  for (const unit of ['years', 'quarters', 'months', ...Object.keys(MILLISECONDS)]) {
    Object.defineProperty(Duration.prototype, unit, { get() { return this.values[unit] ?? 0; } });
  }

  class DateTime {
    constructor(ts, zone, language) {
      const offset = offsetOf(zone, ts);
      this.ts = Number.isNaN(offset) ? NaN : ts;
      this.zoneName = zone;
      this.offset = offset;
      Object.defineProperty(this, 'local', { value: new Date(this.ts + offset * MINUTE) });
      Object.defineProperty(this, 'language', { value: language });
    }
    // What the language of expressions makes of this moment: `.toFormat($a)` for instance.
    #asked(call, a) {
      const ours = this.language === undefined ? '' : '.setLocale($language)';
      return evaluate(`{{ DateTime.fromMillis($ts, { zone: $zone })${ours}${call} }}`,
        { $ts: this.ts, $zone: this.zoneName, $language: this.language, $a: a });
    }
    static now() { return new DateTime(Date.now(), zoneOf()); }
    static local(...parts) { return parts.length ? DateTime.of(parts, zoneOf()) : DateTime.now(); }
    static utc(...parts) { return parts.length ? DateTime.of(parts, 'UTC') : DateTime.now().toUTC(); }
    static of([year, month = 1, day = 1, ...rest], zone) {
      return new DateTime(resolve(utc(year, month, day, ...rest), zone), zone);
    }
    static fromMillis(ts, { zone } = {}) { return new DateTime(Number(ts), zoneOf(zone)); }
    static fromSeconds(seconds, options) { return DateTime.fromMillis(seconds * 1000, options); }
    static fromJSDate(date, options) { return DateTime.fromMillis(date.getTime(), options); }
    static fromObject({ zone, ...values }, options = {}) {
      const v = { year: DateTime.now().year, month: 1, day: 1, hour: 0, minute: 0, second: 0, millisecond: 0, ...values };
      return DateTime.of([v.year, v.month, v.day, v.hour, v.minute, v.second, v.millisecond], zoneOf(options.zone ?? zone));
    }
    static fromISO(text, { zone, setZone } = {}) {
      const found = /^([+-]?\d{4,6})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:[T ](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/i
        .exec(String(text).trim());
      if (!found) return new DateTime(NaN, zoneOf(zone));
      const [year, month, day, hour, minute, second] = found.slice(1, 7).map((n, i) => Number(n ?? (i < 3 ? 1 : 0)));
      if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 24 || minute > 59 || second > 59) {
        return new DateTime(NaN, zoneOf(zone));
      }
      const ms = Math.trunc(Number('0.' + (found[7] ?? '0')) * 1000 + 1e-6);
      const named = found[8] && (/^z$/i.test(found[8]) ? 'UTC' : 'UTC' + found[8]);
      const moment = DateTime.of([year, month, day, hour, minute, second, ms], named ?? zoneOf(zone));
      return named && !setZone ? moment.setZone(zoneOf(zone)) : moment;
    }
    static fromFormat(text, format, { zone, locale } = {}) {
      const others = format.replace(/'[^']*'|yyyy|MMMM|MMM|MM|M|dd|d|HH|H|hh|h|mm|m|SSS|ss|s|a/g, '');
      if (locale !== undefined || format.includes("'") || /[A-Za-z]/.test(others)) {
        const ts = evaluate('{{ DateTime.fromFormat($text, $format, { zone: $zone, locale: $locale }).toMillis() }}',
          { $text: String(text), $format: format, $zone: zoneOf(zone), $locale: locale });
        return new DateTime(ts ?? NaN, zoneOf(zone), locale);
      }
      const names = [];
      const token = /yyyy|MMMM|MMM|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|SSS|a/g;
      const group = (name) => { names.push(name); return { yyyy: '(\\d{4})', SSS: '(\\d{3})', a: '(am|pm)' }[name]
        ?? (name.startsWith('MMM') ? '([A-Za-z]+)' : name.length === 2 ? '(\\d{2})' : '(\\d{1,2})'); };
      const pattern = format.replace(/[.*+?^${}()|[\]\\\/]/g, '\\$&').replace(token, group);
      const found = new RegExp('^' + pattern + '$', 'i').exec(text);
      const value = (...wanted) => found?.[names.findIndex((name) => wanted.includes(name)) + 1];
      const has = (...wanted) => names.some((name) => wanted.includes(name));
      if (!found) return new DateTime(NaN, zoneOf(zone));
      const number = (fallback, ...wanted) => (has(...wanted) ? Number(value(...wanted)) : fallback);
      const word = has('MMMM', 'MMM') && value('MMMM', 'MMM').toLowerCase();
      const month = word ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(word)) + 1 : number(1, 'MM', 'M');
      const half = has('a') ? (/p/i.test(value('a')) ? 12 : 0) + (number(0, 'hh', 'h') % 12) : number(0, 'HH', 'H', 'hh', 'h');
      return DateTime.of([number(DateTime.now().year, 'yyyy'), month, number(1, 'dd', 'd'), half, number(0, 'mm', 'm'),
        number(0, 'ss', 's'), number(0, 'SSS')], zoneOf(zone));
    }
    static fromSQL(text, options) { return DateTime.fromISO(String(text).trim().replace(/ (?=[+-]\d|Z$)/, ''), options); }
    static fromRFC2822(text, options) { return DateTime.fromMillis(Date.parse(text), options); }
    static fromHTTP(text, options) { return DateTime.fromMillis(Date.parse(text), options); }
    static isDateTime(value) { return value instanceof DateTime; }
    static min(...moments) { return moments.reduce((a, b) => (b < a ? b : a)); }
    static max(...moments) { return moments.reduce((a, b) => (b > a ? b : a)); }

    get isValid() { return !Number.isNaN(this.ts); }
    get year() { return this.local.getUTCFullYear(); }
    get month() { return this.local.getUTCMonth() + 1; }
    get quarter() { return Math.ceil(this.month / 3); }
    get day() { return this.local.getUTCDate(); }
    get hour() { return this.local.getUTCHours(); }
    get minute() { return this.local.getUTCMinutes(); }
    get second() { return this.local.getUTCSeconds(); }
    get millisecond() { return this.local.getUTCMilliseconds(); }
    get weekday() { return this.local.getUTCDay() || 7; }
    get weekdayLong() { return this.language === undefined ? DAYS[this.weekday - 1] : this.#asked('.weekdayLong'); }
    get weekdayShort() { return this.language === undefined ? DAYS[this.weekday - 1].slice(0, 3) : this.#asked('.weekdayShort'); }
    get monthLong() { return this.language === undefined ? MONTHS[this.month - 1] : this.#asked('.monthLong'); }
    get monthShort() { return this.language === undefined ? MONTHS[this.month - 1].slice(0, 3) : this.#asked('.monthShort'); }
    get zone() { return { name: this.zoneName }; }
    get locale() { return this.language ?? 'en-US'; }
    get daysInMonth() { return daysIn(this.year, this.month); }
    get isInLeapYear() { return daysIn(this.year, 2) === 29; }
    get ordinal() { return Math.round((utc(this.year, this.month, this.day) - utc(this.year, 1, 1)) / DAY) + 1; }
    get weekNumber() {
      // ISO 8601: a week belongs to the year of its Thursday.
      const thursday = new Date(utc(this.year, this.month, this.day) + (4 - this.weekday) * DAY);
      return Math.ceil(((thursday.getTime() - utc(thursday.getUTCFullYear(), 1, 1)) / DAY + 1) / 7);
    }

    setZone(zone, { keepLocalTime } = {}) {
      const name = zoneOf(zone);
      return new DateTime(keepLocalTime ? resolve(this.local.getTime(), name) : this.ts, name, this.language);
    }
    setLocale(language) { return new DateTime(this.ts, this.zoneName, language); }
    reconfigure({ locale } = {}) { return locale === undefined ? this : this.setLocale(locale); }
    toUTC() { return this.setZone('UTC'); }
    toLocal() { return this.setZone(); }
    set(values) {
      const v = { year: this.year, month: this.month, day: this.day, hour: this.hour, minute: this.minute,
        second: this.second, millisecond: this.millisecond };
      for (const [unit, n] of Object.entries(values)) v[plural(unit).slice(0, -1)] = Number(n);
      const day = 'day' in values || 'days' in values ? v.day : Math.min(v.day, daysIn(v.year, v.month));
      return this.#alike(DateTime.of([v.year, v.month, day, v.hour, v.minute, v.second, v.millisecond], this.zoneName));
    }
    #alike(moment) { return this.language === undefined ? moment : moment.setLocale(this.language); }
    plus(duration) { return this.#shift(duration, 1); }
    minus(duration) { return this.#shift(duration, -1); }
    #shift(duration, sign) {
      const values = typeof duration === 'number' ? { milliseconds: duration } : duration instanceof Duration ? duration.values : duration;
      let months = 0, days = 0, ms = 0;
      for (const [unit, n] of Object.entries(values ?? {})) {
        const units = plural(unit), amount = sign * Number(n);
        if (units === 'years') months += 12 * amount;
        else if (units === 'quarters') months += 3 * amount;
        else if (units === 'months') months += amount;
        else if (units === 'weeks' || units === 'days') days += amount * (units === 'weeks' ? 7 : 1);
        else ms += amount * MILLISECONDS[units];
      }
      if (!months && !days) return new DateTime(this.ts + ms, this.zoneName, this.language);
      // Calendar units move the date and keep the clock; the rest is elapsed time.
      const index = this.year * 12 + this.month - 1 + months;
      const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
      const date = utc(year, month, Math.min(this.day, daysIn(year, month)), this.hour, this.minute, this.second, this.millisecond);
      return new DateTime(resolve(date + days * DAY, this.zoneName) + ms, this.zoneName, this.language);
    }
    startOf(unit) {
      const units = plural(unit);
      if (units === 'weeks') return this.minus({ days: this.weekday - 1 }).startOf('day');
      if (units === 'quarters') return this.set({ month: (this.quarter - 1) * 3 + 1 }).startOf('month');
      const rank = ['years', 'months', 'days', 'hours', 'minutes', 'seconds'].indexOf(units);
      const parts = [this.year, this.month, this.day, this.hour, this.minute, this.second].slice(0, rank + 1);
      return rank < 0 ? this : this.#alike(DateTime.of(parts, this.zoneName));
    }
    endOf(unit) { return this.startOf(unit).plus({ [plural(unit)]: 1 }).minus(1); }
    diff(other, unit = 'milliseconds') {
      const units = (Array.isArray(unit) ? unit : [unit]).map(plural);
      const order = ['years', 'quarters', 'months', ...Object.keys(MILLISECONDS)].filter((name) => units.includes(name));
      const sign = this < other ? -1 : 1;
      const [from, to] = sign < 0 ? [this, other] : [other, this];
      let at = from.setZone(this.zoneName);
      const values = {};
      order.forEach((name, i) => {
        let whole = 0;
        if (name in MILLISECONDS) whole = Math.floor((to - at) / MILLISECONDS[name]);
        else while (at.plus({ [name]: whole + 1 }) <= to) whole += 1;
        const next = at.plus({ [name]: whole });
        const rest = i === order.length - 1 ? (to - next) / (at.plus({ [name]: whole + 1 }) - next) : 0;
        values[name] = sign * (whole + rest);
        at = next;
      });
      return new Duration(values);
    }
    diffNow(unit) { return this.diff(DateTime.now(), unit); }
    hasSame(other, unit) { return +this.startOf(unit) === +other.setZone(this.zoneName).startOf(unit); }
    equals(other) { return other instanceof DateTime && this.ts === other.ts && this.zoneName === other.zoneName; }

    #offsetText(separator) {
      const minutes = Math.abs(this.offset);
      return (this.offset < 0 ? '-' : '+') + pad(Math.floor(minutes / 60)) + separator + pad(Math.floor(minutes % 60));
    }
    toISODate() { return this.isValid ? `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}` : null; }
    toISOTime() {
      const clock = `${pad(this.hour)}:${pad(this.minute)}:${pad(this.second)}.${pad(this.millisecond, 3)}`;
      return this.isValid ? clock + (this.zoneName === 'UTC' ? 'Z' : this.#offsetText(':')) : null;
    }
    toISO() { return this.isValid ? `${this.toISODate()}T${this.toISOTime()}` : null; }
    toFormat(format) {
      if (!this.isValid) return 'Invalid DateTime';
      const h = this.hour % 12 || 12;
      const tokens = { yyyy: () => pad(this.year, 4), yy: () => pad(this.year % 100), y: () => this.year, MMMM: () => this.monthLong,
        MMM: () => this.monthShort, MM: () => pad(this.month), M: () => this.month, L: () => this.month, LL: () => pad(this.month),
        LLL: () => this.monthShort, LLLL: () => this.monthLong, dd: () => pad(this.day), d: () => this.day,
        HH: () => pad(this.hour), H: () => this.hour, hh: () => pad(h), h: () => h, mm: () => pad(this.minute), m: () => this.minute,
        ss: () => pad(this.second), s: () => this.second, SSS: () => pad(this.millisecond, 3), S: () => this.millisecond,
        a: () => (this.hour < 12 ? 'AM' : 'PM'), EEEE: () => this.weekdayLong, cccc: () => this.weekdayLong, EEE: () => this.weekdayShort,
        ccc: () => this.weekdayShort, E: () => this.weekday, c: () => this.weekday, ZZZ: () => this.#offsetText(''),
        ZZ: () => this.#offsetText(':'), z: () => this.zoneName, o: () => this.ordinal, ooo: () => pad(this.ordinal, 3),
        q: () => this.quarter, W: () => this.weekNumber, WW: () => pad(this.weekNumber), X: () => Math.floor(this.ts / 1000),
        x: () => this.ts };
      // Names follow the language; the rarer tokens are those of expressions.
      const runs = format.replace(/'[^']*'/g, '').match(/([a-zA-Z])\1*/g) ?? [];
      if (runs.some((run) => !(run in tokens) || (this.language !== undefined && /[MLEc]{3}|a/.test(run)))) {
        return this.#asked('.toFormat($a)', format);
      }
      return format.replace(/'([^']*)'|([a-zA-Z])\2*/g, (all, quoted) => (quoted !== undefined ? quoted : tokens[all] ? String(tokens[all]()) : all));
    }
    toLocaleString(options, { locale = this.language } = {}) {
      if (!this.isValid) return 'Invalid DateTime';
      return this.setLocale(locale).#asked('.toLocaleString($a)', options);
    }
    until(end) { return new Interval(this, end); }
    toSQLDate() { return this.toISODate(); }
    toSQLTime() { return this.isValid ? `${this.toFormat('HH:mm:ss.SSS')} ${this.zoneName === 'UTC' ? 'Z' : this.#offsetText(':')}` : null; }
    toSQL() { return this.isValid ? `${this.toSQLDate()} ${this.toSQLTime()}` : null; }
    toRFC2822() { return this.isValid ? this.setLocale().toFormat('EEE, dd LLL yyyy HH:mm:ss ZZZ') : null; }
    toHTTP() { return this.isValid ? this.toUTC().setLocale().toFormat("EEE, dd LLL yyyy HH:mm:ss 'GMT'") : null; }
    get weekYear() { return this.plus({ days: 4 - this.weekday }).year; }
    toISOWeekDate() { return this.isValid ? `${pad(this.weekYear, 4)}-W${pad(this.weekNumber)}-${this.weekday}` : null; }
    toRelative({ base = DateTime.now() } = {}) {
      if (!this.isValid) return null;
      const units = ['years', 'months', 'days', 'hours', 'minutes', 'seconds'];
      const counts = units.map((unit) => [unit, Math.trunc(this.diff(base, unit).as(unit))]);
      const [unit, n] = counts.find(([, count]) => count !== 0) ?? ['seconds', 0];
      const said = `${Math.abs(n)} ${Math.abs(n) === 1 ? unit.slice(0, -1) : unit}`;
      return n < 0 || Object.is(n, -0) ? `${said} ago` : `in ${said}`;
    }
    toMillis() { return this.ts; }
    toSeconds() { return this.ts / 1000; }
    toUnixInteger() { return Math.floor(this.ts / 1000); }
    toJSDate() { return new Date(this.ts); }
    toObject() { return { year: this.year, month: this.month, day: this.day, hour: this.hour, minute: this.minute, second: this.second, millisecond: this.millisecond }; }
    valueOf() { return this.ts; }
    toString() { return this.toISO() ?? 'Invalid DateTime'; }
    toJSON() { return this.toISO(); }
  }
  for (const name of ['DATE_SHORT', 'DATE_MED', 'DATE_MED_WITH_WEEKDAY', 'DATE_FULL', 'DATE_HUGE', 'TIME_SIMPLE', 'TIME_WITH_SECONDS',
    'TIME_WITH_SHORT_OFFSET', 'TIME_WITH_LONG_OFFSET', 'TIME_24_SIMPLE', 'TIME_24_WITH_SECONDS', 'DATETIME_SHORT',
    'DATETIME_SHORT_WITH_SECONDS', 'DATETIME_MED', 'DATETIME_MED_WITH_SECONDS', 'DATETIME_MED_WITH_WEEKDAY', 'DATETIME_FULL',
    'DATETIME_FULL_WITH_SECONDS', 'DATETIME_HUGE', 'DATETIME_HUGE_WITH_SECONDS']) {
    Object.defineProperty(DateTime, name, { get: () => evaluate(`{{ DateTime.${name} }}`) });
  }

  // The time between two moments; the end does not belong to it.
  class Interval {
    constructor(start, end) { this.start = start; this.end = end; }
    static moment(value) { return value instanceof DateTime ? value : value instanceof Date ? DateTime.fromJSDate(value) : DateTime.fromISO(value); }
    static fromDateTimes(start, end) { return new Interval(Interval.moment(start), Interval.moment(end)); }
    static after(start, duration) { return new Interval(Interval.moment(start), Interval.moment(start).plus(duration)); }
    static before(end, duration) { return new Interval(Interval.moment(end).minus(duration), Interval.moment(end)); }
    static fromISO(text, options) {
      const [start, end] = String(text).split('/');
      return new Interval(DateTime.fromISO(start, options), DateTime.fromISO(end, options));
    }
    get isValid() { return this.start.isValid && this.end.isValid && this.start <= this.end; }
    length(unit = 'milliseconds') { return this.isValid ? this.toDuration(unit).as(unit) : NaN; }
    toDuration(unit) { return this.end.diff(this.start, unit); }
    contains(moment) { return this.start <= moment && moment < this.end; }
    overlaps(other) { return this.start < other.end && other.start < this.end; }
    isBefore(moment) { return this.end <= moment; }
    isAfter(moment) { return this.start > moment; }
    isEmpty() { return +this.start === +this.end; }
    toISO() { return `${this.start.toISO()}/${this.end.toISO()}`; }
    toString() { return `[${this.start.toISO()} – ${this.end.toISO()})`; }
    toJSON() { return this.toISO(); }
  }
  return { DateTime, Duration, Interval };
})

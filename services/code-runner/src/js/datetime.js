// `DateTime`: what workflow code uses of Luxon's class, over one host function, so that it means the same on every JavaScript engine
// (not all have `Intl`). The arithmetic is here; texts are read, and what needs the names and the order of a language is written, by
// the language of expressions: `evaluate` takes an expression and its values. Evaluates to a function that makes the classes.
(function (durations, intervals) {
  return (offsetMinutes, defaults, evaluate) => {
  'use strict';
  const MINUTE = 60000, DAY = 86400000;
  const clockOf = (ms, options) => new DateTime(ms, 'UTC').toISOTime({ ...options, includeOffset: false });
  const { Duration, ORDER, MILLISECONDS, plural } = durations(evaluate, clockOf);
  const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
    'November', 'December'];
  const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  const pad = (number, width = 2) => (number < 0 ? '-' : '') + String(Math.abs(number)).padStart(width, '0');
  const fixed = (zone) => {
    const found = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(zone);
    return found && (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3] ?? 0));
  };
  const offsetOf = (zone, ts) => (zone === 'UTC' ? 0 : fixed(zone) ?? offsetMinutes(zone, ts) ?? NaN);
  // The name that a zone goes by, `UTC+5:30` for instance where it has no rules; numbers are minutes.
  const zoneOf = (zone) => {
    if (zone === undefined || zone === null) return defaults().zone;
    const name = typeof zone === 'number' ? `UTC${zone < 0 ? '-' : '+'}${Math.trunc(Math.abs(zone) / 60)}:${pad(Math.abs(zone % 60))}`
      : String(zone.name ?? zone);
    if (/^(local|default|system)$/i.test(name)) return defaults().zone;
    const minutes = /^(utc|gmt|etc\/utc)$/i.test(name) ? 0 : fixed(name);
    if (minutes === null) return name;
    const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes % 60)];
    return minutes === 0 ? 'UTC' : `UTC${minutes < 0 ? '-' : '+'}${hours}${rest ? ':' + pad(rest) : ''}`;
  };
  const isFixed = (zone) => zone === 'UTC' || fixed(zone) !== null;
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

  const FIELDS = ['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second', 'millisecond', 'weekday', 'weekNumber', 'weekYear', 'ordinal'];
  const CLOCK_FIELDS = FIELDS.filter((name, i) => i < 8 && name !== 'quarter');
  const field = (name) => {
    const one = String(name).toLowerCase().replace(/s$/, '');
    const found = FIELDS.find((known) => known.toLowerCase() === one);
    if (!found) throw new Error(`Invalid unit ${name}`);
    return found;
  };
  const fields = (values) => Object.fromEntries(Object.entries(values ?? {}).filter(([, n]) => n !== undefined && n !== null)
    .map(([name, n]) => [field(name), Number(n)]));
  const ISO = /^(\d{4})-(\d{2})(?:-(\d{2}))?(?:T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,30}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
  const weekInYear = (ts) => {
    // ISO 8601: a week belongs to the year of its Thursday.
    const date = new Date(ts), thursday = ts + (4 - (date.getUTCDay() || 7)) * DAY, year = new Date(thursday).getUTCFullYear();
    return [year, Math.floor((thursday - utc(year, 1, 1)) / (7 * DAY)) + 1];
  };
  // How many of each of `units` lie between two moments; those of the calendar are counted on it.
  const between = (from, to, units) => {
    const values = {}, small = units.filter((name) => MILLISECONDS[name] < DAY);
    let reached = from, next, last;
    for (const name of units.filter((unit) => !small.includes(unit))) {
      const at = (n) => from.plus({ ...values, [name]: n });
      let whole = Math.max(0, Math.floor((to - reached) / MILLISECONDS[name]));
      while (whole > 0 && at(whole) > to) whole -= 1;
      while (at(whole + 1) <= to) whole += 1;
      [reached, next, last] = [at(whole), at(whole + 1), name];
      values[name] = whole;
    }
    if (small.length === 0) values[last] += (to - reached) / (next - reached);
    return new Duration(small.length ? { ...values, ...Duration.fromMillis(to - reached).shiftTo(...small).values } : values);
  };

  class DateTime {
    #local; #language; #reason;
    constructor(ts, zone, language, reason = null) {
      const offset = Number.isNaN(ts) ? NaN : offsetOf(zone, ts), isValid = !Number.isNaN(offset);
      this.ts = isValid ? ts : NaN;
      this.zoneName = isValid ? zone : null;
      this.offset = offset;
      this.#local = new Date(this.ts + offset * MINUTE);
      this.#language = language;
      this.#reason = isValid ? null : reason ?? (Number.isNaN(ts) ? 'invalid input' : 'unsupported zone');
    }
    // What the language of expressions makes of this moment: `.toFormat($a)` for instance.
    #asked(call, a, b) {
      const ours = this.#language === undefined ? '' : '.setLocale($language)';
      return evaluate(`{{ DateTime.fromMillis($ts, { zone: $zone })${ours}${call} }}`,
        { $ts: this.ts, $zone: this.zoneName, $language: this.#language, $a: a, $b: b });
    }
    #moved(call, a, b) { return this.isValid ? new DateTime(this.#asked(`${call}.toMillis()`, a, b) ?? NaN, this.zoneName, this.#language) : this; }
    // What it reads in a text or in fields.
    static #read(name, given, { zone, setZone, locale } = {}) {
      const found = evaluate(`{{ ((moment) => (moment.isValid ? [moment.toMillis(), moment.zoneName] : null))(DateTime.${name}) }}`,
        { ...given, $options: { zone: zoneOf(zone), setZone, locale } });
      if (!found) return DateTime.invalid(name.startsWith('fromObject') ? 'unit out of range' : 'unparsable');
      return new DateTime(found[0], setZone ? zoneOf(found[1]) : zoneOf(zone), locale);
    }
    static #given(parts, zone) {
      const options = typeof parts.at(-1) === 'object' ? parts.at(-1) : {};
      const numbers = parts.filter((part) => typeof part !== 'object' && part !== undefined).map(Number);
      const asked = zone ?? zoneOf(options?.zone);
      return numbers.length ? DateTime.#checked(numbers, asked, options?.locale) : new DateTime(Date.now(), asked, options?.locale);
    }
    static #checked(parts, zone, language) {
      const [year, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = parts;
      const endsDay = hour === 24 && !minute && !second && !ms;
      const limits = [[month, 1, 12], [day, 1, daysIn(year, month)], [hour, 0, endsDay ? 24 : 23], [minute, 0, 59], [second, 0, 59], [ms, 0, 999]];
      const fits = parts.every(Number.isInteger) && limits.every(([n, least, most]) => n >= least && n <= most);
      return fits ? DateTime.of(parts, zone, language) : DateTime.invalid('unit out of range');
    }
    static now() { return new DateTime(Date.now(), zoneOf()); }
    static local(...parts) { return DateTime.#given(parts); }
    static utc(...parts) { return DateTime.#given(parts, 'UTC'); }
    static of([year, month = 1, day = 1, ...rest], zone, language) {
      return new DateTime(resolve(utc(year, month, day, ...rest), zone), zone, language, 'unsupported zone');
    }
    static invalid(reason) { return new DateTime(NaN, null, undefined, String(reason)); }
    static fromMillis(ts, { zone, locale } = {}) { return new DateTime(Number(ts), zoneOf(zone), locale); }
    static fromSeconds(seconds, options) { return DateTime.fromMillis(seconds * 1000, options); }
    static fromJSDate(date, options) { return DateTime.fromMillis(date instanceof Date ? date.getTime() : NaN, options); }
    static fromObject({ zone, ...values } = {}, options = {}) {
      return DateTime.#read('fromObject($fields, $options)', { $fields: fields(values) }, { zone, ...options });
    }
    static fromISO(given, options = {}) {
      // A time alone is one of today.
      const isTime = /^\d{2}:\d{2}/.test(given);
      const text = isTime ? `${DateTime.fromMillis(Date.now(), options).toISODate()}T${given}` : given;
      const found = ISO.exec(text);
      if (!found) {
        const isNone = typeof text !== 'string' && typeof text !== 'number';
        return isNone || !/^\S*\d\S*$/.test(text) ? DateTime.invalid('unparsable') : DateTime.#read('fromISO($text, $options)', { $text: String(text) }, options);
      }
      const parts = found.slice(1, 7).map((n, i) => Number(n ?? (i < 3 ? 1 : 0)));
      const ms = Math.floor(Number(`0.${(found[7] ?? '0').slice(0, 3)}`) * 1000 + 1e-6);
      const named = found[8] && zoneOf(/^z$/i.test(found[8]) ? 'UTC' : found[8]), asked = zoneOf(options.zone);
      const moment = DateTime.#checked([...parts, ms], named ?? asked, options.locale);
      return named && !options.setZone ? moment.setZone(asked) : moment;
    }
    static fromFormat(text, format, options) {
      return DateTime.#read('fromFormat($text, $format, $options)', { $text: String(text), $format: String(format) }, options);
    }
    static fromString(text, format, options) { return DateTime.fromFormat(text, format, options); }
    static fromSQL(text, options) { return DateTime.#read('fromSQL($text, $options)', { $text: String(text) }, options); }
    static fromRFC2822(text, options) { return DateTime.#read('fromRFC2822($text, $options)', { $text: String(text) }, options); }
    static fromHTTP(text, options) { return DateTime.#read('fromHTTP($text, $options)', { $text: String(text) }, options); }
    static isDateTime(value) { return value instanceof DateTime; }
    static min(...moments) { return moments.length ? moments.reduce((a, b) => (b < a ? b : a)) : undefined; }
    static max(...moments) { return moments.length ? moments.reduce((a, b) => (b > a ? b : a)) : undefined; }

    get isValid() { return !Number.isNaN(this.ts); }
    get invalidReason() { return this.#reason; }
    get invalidExplanation() { return null; }
    get year() { return this.#local.getUTCFullYear(); }
    get month() { return this.#local.getUTCMonth() + 1; }
    get quarter() { return Math.ceil(this.month / 3); }
    get day() { return this.#local.getUTCDate(); }
    get hour() { return this.#local.getUTCHours(); }
    get minute() { return this.#local.getUTCMinutes(); }
    get second() { return this.#local.getUTCSeconds(); }
    get millisecond() { return this.#local.getUTCMilliseconds(); }
    get weekday() { return this.isValid ? this.#local.getUTCDay() || 7 : NaN; }
    get isWeekend() { return this.weekday > 5; }
    #named(name, names, index, length) {
      if (!this.isValid) return null;
      return this.#language === undefined ? names[index].slice(0, length) : this.#asked(`.${name}`);
    }
    get weekdayLong() { return this.#named('weekdayLong', DAYS, this.weekday - 1); }
    get weekdayShort() { return this.#named('weekdayShort', DAYS, this.weekday - 1, 3); }
    get monthLong() { return this.#named('monthLong', MONTHS, this.month - 1); }
    get monthShort() { return this.#named('monthShort', MONTHS, this.month - 1, 3); }
    get zone() {
      const name = this.zoneName;
      return { name, isValid: this.isValid, isUniversal: this.isOffsetFixed, offset: (ts) => offsetOf(name, Number(ts)) };
    }
    get isOffsetFixed() { return this.isValid ? isFixed(this.zoneName) : null; }
    get offsetNameShort() { return this.isValid ? this.#asked('.offsetNameShort') : null; }
    get offsetNameLong() { return this.isValid ? this.#asked('.offsetNameLong') : null; }
    get isInDST() {
      return !this.isOffsetFixed && (this.offset > this.set({ month: 1, day: 1 }).offset || this.offset > this.set({ month: 5 }).offset);
    }
    get locale() { return this.isValid ? this.#language ?? 'en-US' : null; }
    get numberingSystem() { return null; }
    get outputCalendar() { return null; }
    get c() { return this.isValid ? this.toObject() : null; }
    get daysInMonth() { return daysIn(this.year, this.month); }
    get daysInYear() { return this.isValid ? 337 + daysIn(this.year, 2) : NaN; }
    get isInLeapYear() { return daysIn(this.year, 2) === 29; }
    get ordinal() { return Math.floor((this.#local.getTime() - utc(this.year, 1, 1)) / DAY) + 1; }
    get weekYear() { return weekInYear(this.#local.getTime())[0]; }
    get weekNumber() { return weekInYear(this.#local.getTime())[1]; }
    get weeksInWeekYear() { return weekInYear(utc(this.weekYear, 12, 28))[1]; }
    get(unit) { return this[unit]; }

    setZone(zone, { keepLocalTime } = {}) {
      if (!this.isValid) return this;
      const name = zoneOf(zone);
      return new DateTime(keepLocalTime ? resolve(this.#local.getTime(), name) : this.ts, name, this.#language, 'unsupported zone');
    }
    setLocale(language) { return this.isValid ? new DateTime(this.ts, this.zoneName, language) : this; }
    reconfigure({ locale } = {}) { return locale === undefined ? this : this.setLocale(locale); }
    toUTC(offset = 0, options = {}) { return this.setZone(offset, options); }
    toLocal() { return this.setZone(); }
    set(values) {
      const changes = fields(values);
      if (!Object.keys(changes).every((name) => CLOCK_FIELDS.includes(name))) return this.#moved('.set($a)', changes);
      const v = { ...this.toObject(), ...changes };
      const day = 'day' in changes ? v.day : Math.min(v.day, daysIn(v.year, v.month));
      return this.isValid ? DateTime.of([v.year, v.month, day, v.hour, v.minute, v.second, v.millisecond], this.zoneName, this.#language) : this;
    }
    plus(duration) { return this.#shift(Duration.of(duration ?? {})); }
    minus(duration) { return this.#shift(Duration.of(duration ?? {}).negate()); }
    #shift({ values: { years = 0, quarters = 0, months = 0, weeks = 0, days = 0, ...rest }, isValid }) {
      if (!this.isValid || !isValid) return this.isValid ? DateTime.invalid('invalid input') : this;
      // Calendar units move the date and keep the clock; the rest, and parts of such units, are elapsed time.
      const parts = { years, quarters, months, weeks, days };
      for (const unit of Object.keys(parts)) parts[unit] -= Math.trunc(parts[unit]);
      const ms = new Duration({ ...parts, ...rest }).toMillis();
      const byMonths = 12 * Math.trunc(years) + 3 * Math.trunc(quarters) + Math.trunc(months), byDays = 7 * Math.trunc(weeks) + Math.trunc(days);
      if (!byMonths && !byDays) return new DateTime(this.ts + ms, this.zoneName, this.#language);
      const index = this.year * 12 + this.month - 1 + byMonths;
      const [year, month] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
      const date = utc(year, month, Math.min(this.day, daysIn(year, month)), this.hour, this.minute, this.second, this.millisecond);
      return new DateTime(resolve(date + byDays * DAY, this.zoneName) + ms, this.zoneName, this.#language);
    }
    startOf(unit, options) {
      const units = plural(unit);
      if (!this.isValid || units === 'milliseconds') return this;
      if (options?.useLocaleWeeks && units === 'weeks') return this.#moved('.startOf($a, $b)', 'week', options);
      if (units === 'weeks') return this.minus({ days: this.weekday - 1 }).startOf('day');
      if (units === 'quarters') return this.set({ month: (this.quarter - 1) * 3 + 1 }).startOf('month');
      const rank = ['years', 'months', 'days', 'hours', 'minutes', 'seconds'].indexOf(units);
      const parts = [this.year, this.month, this.day, this.hour, this.minute, this.second].slice(0, rank + 1);
      return DateTime.of(parts, this.zoneName, this.#language);
    }
    endOf(unit, options) { return this.startOf(unit, options).plus({ [plural(unit)]: 1 }).minus(1); }
    diff(other, unit = 'milliseconds') {
      if (!this.isValid || !other?.isValid) return Duration.invalid('created by diffing an invalid DateTime');
      const units = (Array.isArray(unit) ? unit : [unit]).map(plural), sorted = ORDER.filter((name) => units.includes(name));
      return this < other ? between(this, other, sorted).negate() : between(other, this, sorted);
    }
    diffNow(unit) { return this.diff(DateTime.now(), unit); }
    until(end) { return this.isValid ? Interval.fromDateTimes(this, end) : this; }
    hasSame(other, unit) {
      if (!this.isValid) return false;
      const there = this.setZone(other.zoneName, { keepLocalTime: true });
      return +there.startOf(unit) <= +other && +other <= +there.endOf(unit);
    }
    equals(other) {
      return other instanceof DateTime && this.isValid && this.ts === other.ts && this.zoneName === other.zoneName && this.locale === other.locale;
    }

    #offsetText(separator) {
      const minutes = Math.abs(this.offset);
      return (this.offset < 0 ? '-' : '+') + pad(Math.floor(minutes / 60)) + separator + pad(Math.floor(minutes % 60));
    }
    get #offsetOrZ() { return this.zoneName === 'UTC' ? 'Z' : this.#offsetText(':'); }
    toISODate({ format, precision = 'day' } = {}) {
      if (!this.isValid) return null;
      const isLong = this.year > 9999 || this.year < 0;
      const parts = [(isLong && this.year > 0 ? '+' : '') + pad(this.year, isLong ? 6 : 4), pad(this.month), pad(this.day)];
      const depth = { years: 1, months: 2 }[plural(precision)] ?? 3;
      return parts.slice(0, depth).join(format === 'basic' ? '' : '-');
    }
    toISOTime({ format, suppressSeconds, suppressMilliseconds, includeOffset = true, includePrefix, extendedZone, precision = 'millisecond' } = {}) {
      if (!this.isValid) return null;
      const separator = format === 'basic' ? '' : ':', depth = ORDER.indexOf(plural(precision)) - 5;
      const clock = [pad(this.hour), pad(this.minute)].slice(0, depth + 1);
      const showsSeconds = depth > 1 && !(suppressSeconds && !this.second && !this.millisecond);
      if (showsSeconds) clock.push(pad(this.second) + (depth < 3 || (suppressMilliseconds && !this.millisecond) ? '' : '.' + pad(this.millisecond, 3)));
      const zone = !includeOffset ? '' : (extendedZone ? this.#offsetText(':') : this.#offsetOrZ) + (extendedZone ? `[${this.zoneName}]` : '');
      return (includePrefix ? 'T' : '') + clock.join(separator) + zone;
    }
    toISO(options = {}) {
      if (!this.isValid) return null;
      const isDate = options?.precision !== undefined && ORDER.indexOf(plural(options.precision)) < 5;
      return this.toISODate(options ?? {}) + (isDate ? '' : `T${this.toISOTime({ ...options, includePrefix: false })}`);
    }
    toISOWeekDate() { return this.isValid ? `${pad(this.weekYear, 4)}-W${pad(this.weekNumber)}-${this.weekday}` : null; }
    toFormat(format, { locale } = {}) {
      if (!this.isValid) return 'Invalid DateTime';
      if (locale !== undefined) return this.setLocale(locale).toFormat(format);
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
      // Names and digits follow the language; the rarer tokens are those of expressions.
      const runs = format.replace(/'[^']*'/g, '').match(/([a-zA-Z])\1*/g) ?? [];
      if (this.#language !== undefined || runs.some((run) => !(run in tokens))) return this.#asked('.toFormat($a)', format);
      return format.replace(/'([^']*)'|([a-zA-Z])\2*/g, (all, quoted) => (quoted !== undefined ? quoted : tokens[all] ? String(tokens[all]()) : all));
    }
    toLocaleString(options, { locale = this.#language } = {}) {
      if (!this.isValid) return 'Invalid DateTime';
      return this.setLocale(locale).#asked('.toLocaleString($a)', options);
    }
    toLocaleParts(options) { return this.isValid ? this.#asked('.toLocaleParts($a)', options) : []; }
    resolvedLocaleOptions() { return { locale: this.locale, numberingSystem: 'latn', outputCalendar: 'gregory' }; }
    toSQLDate() { return this.toISODate(); }
    toSQLTime({ includeOffset = true, includeZone = false, includeOffsetSpace = true } = {}) {
      if (!this.isValid) return null;
      const zone = includeZone ? this.zoneName : includeOffset ? this.#offsetOrZ : '';
      return this.toISOTime({ includeOffset: false }) + (zone && includeOffsetSpace ? ' ' : '') + zone;
    }
    toSQL(options) { return this.isValid ? `${this.toSQLDate()} ${this.toSQLTime(options)}` : null; }
    toRFC2822() { return this.isValid ? this.setLocale().toFormat('EEE, dd LLL yyyy HH:mm:ss ZZZ') : null; }
    toHTTP() { return this.isValid ? this.toUTC().setLocale().toFormat("EEE, dd LLL yyyy HH:mm:ss 'GMT'") : null; }
    // The distance to `base` in words.
    #distance(call, { base = DateTime.now(), locale = this.#language, padding, ...options } = {}) {
      if (!this.isValid) return null;
      const moment = padding ? this.plus(this < base ? -padding : padding) : this;
      return moment.setLocale(locale).#asked(`.${call}({ ...$a, base: DateTime.fromMillis($b[0], { zone: $b[1] }) })`, options, [base.ts, base.zoneName]);
    }
    toRelative(options) { return this.#distance('toRelative', options); }
    toRelativeCalendar(options) { return this.#distance('toRelativeCalendar', options); }
    toMillis() { return this.ts; }
    toSeconds() { return this.ts / 1000; }
    toUnixInteger() { return Math.floor(this.ts / 1000); }
    toJSDate() { return new Date(this.ts); }
    toBSON() { return this.toJSDate(); }
    toObject() { return this.isValid ? Object.fromEntries(CLOCK_FIELDS.map((name) => [name, this[name]])) : {}; }
    valueOf() { return this.ts; }
    toString() { return this.toISO() ?? 'Invalid DateTime'; }
    toJSON() { return this.toISO(); }
  }
  for (const name of ['DATE_SHORT', 'DATE_MED', 'DATE_MED_WITH_WEEKDAY', 'DATE_FULL', 'DATE_HUGE', 'TIME_SIMPLE', 'TIME_WITH_SECONDS',
    'TIME_WITH_SHORT_OFFSET', 'TIME_WITH_LONG_OFFSET', 'TIME_24_SIMPLE', 'TIME_24_WITH_SECONDS', 'TIME_24_WITH_SHORT_OFFSET',
    'TIME_24_WITH_LONG_OFFSET', 'DATETIME_SHORT', 'DATETIME_SHORT_WITH_SECONDS', 'DATETIME_MED', 'DATETIME_MED_WITH_SECONDS',
    'DATETIME_MED_WITH_WEEKDAY', 'DATETIME_FULL', 'DATETIME_FULL_WITH_SECONDS', 'DATETIME_HUGE', 'DATETIME_HUGE_WITH_SECONDS']) {
    Object.defineProperty(DateTime, name, { get: () => evaluate(`{{ DateTime.${name} }}`) });
  }
  const Interval = intervals(DateTime, Duration);
  return { DateTime, Duration, Interval };
  };
})

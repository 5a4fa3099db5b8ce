// What an engine without languages lacks of ECMA-402: numbers, dates and distances as people write them, plural forms, and the order
// of texts. The parent's language of expressions knows all of that and is asked; plain Latin text is put in order here, since a list
// is sorted by very many comparisons. Evaluates to a function that makes `Intl` and the methods of numbers, texts and dates.
(function (engines, evaluate) {
  'use strict';
  const { stringify } = JSON;
  // The clock of code, whatever the zone of its workflow.
  const OWN_ZONE = 'UTC';
  const MOST_ANSWERS = 4096, LONGEST = 500;
  // How many characters of texts that were put in order are remembered.
  let left = 2000000;
  const answers = new Map();
  const asked = (expression, values) => {
    const question = stringify([expression, values]);
    if (answers.has(question)) return answers.get(question);
    let answer;
    // What is wrong is the language or an option, which programs know as this error.
    try { answer = evaluate(`{{ ${expression} }}`, values); } catch (error) { throw new RangeError(error.message); }
    if (answer === undefined || answer === null) throw new RangeError(`These options are not known here: ${stringify(values)}`);
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(question, answer);
    return answer;
  };
  const tags = (locales) => {
    if (locales === undefined) return undefined;
    if (locales === null) throw new TypeError('Cannot convert undefined or null to object');
    return typeof locales === 'string' ? locales : Array.isArray(locales) ? locales.map(String) : String(locales);
  };
  // JSON has no word for what is no finite number, nor for a great one.
  const digits = (n) => (Object.is(n, -0) ? '-0' : String(n));
  const inOwnZone = (options) => ({ ...options, timeZone: options?.timeZone ?? OWN_ZONE });

  // --- the order of texts -------------------------------------------------------------------------------------------------
  // The root order of the CLDR, of which these languages change nothing for such texts.
  const LATIN = /^[\t-\r -~À-ÖØ-öø-žȘ-ț]*$/, PLAIN = /^(?:en|de|fr|it|pt|nl)(?:-[A-Z]{2})?$/;
  const SIGNS = '\t\n\v\f\r _-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz';
  const MARKS = '\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0327\u0328\u0304\u0326';
  const DIGITS = String.fromCharCode(1 + SIGNS.indexOf('0'));
  const known = new Map();
  // What a sign counts for: its place among the others, what is over it, whether it is great. `null` where that is not known.
  const weigh = (sign) => {
    if (!known.has(sign)) {
      const [base, ...over] = sign.normalize('NFD'), place = SIGNS.indexOf(base.toLowerCase()), marks = over.map((mark) => 1 + MARKS.indexOf(mark));
      known.set(sign, place < 0 || marks.includes(0) ? null
        : [String.fromCharCode(1 + place), String.fromCharCode(...marks, 0), base === base.toLowerCase() ? '0' : '1']);
    }
    return known.get(sign);
  };
  // A text as three texts that compare sign by sign as it does: by letters, by what is over them, by their size.
  const weighed = (text, isNumeric) => {
    if (!LATIN.test(text)) return null;
    let letters = '', marks = '', sizes = '';
    for (let i = 0; i < text.length; i += 1) {
      let weight = weigh(text[i]);
      if (weight === null) return null;
      if (isNumeric && text[i] >= '0' && text[i] <= '9') {
        const [run] = /^\d+/.exec(text.slice(i)), number = run.replace(/^0+(?=\d)/, '');
        weight = [DIGITS + String.fromCharCode(number.length) + number, '\0', '0'];
        i += run.length - 1;
      }
      letters += weight[0];
      marks += weight[1];
      sizes += weight[2];
    }
    return [letters, marks, sizes];
  };
  const weights = [new Map(), new Map()];
  const weightsOf = (text, isNumeric) => {
    const kept = weights[Number(isNumeric)];
    let found = kept.get(text);
    if (found === undefined) {
      found = text.length > LONGEST ? null : weighed(text, isNumeric);
      left -= text.length;
      if (left > 0) kept.set(text, found);
    }
    return found;
  };
  // How plain texts are put in order by these options; `null` where the parent is to do it.
  const wayOf = (locales, options) => {
    const { numeric, sensitivity = 'variant', ...rest } = options ?? {};
    const isPlain = (locales === undefined || PLAIN.test(tags(locales))) && Object.keys(rest).every((name) => rest[name] === undefined || name === 'usage');
    return isPlain ? { isNumeric: Boolean(numeric), byMarks: sensitivity === 'accent' || sensitivity === 'variant',
      bySize: sensitivity === 'case' || sensitivity === 'variant' } : null;
  };
  const USUAL = wayOf();
  const compare = (a, b, locales, options) => {
    const one = String(a), other = String(b);
    if (one === other) return 0;
    const way = locales === undefined && options === undefined ? USUAL : wayOf(locales, options);
    const x = way && weightsOf(one, way.isNumeric), y = x && weightsOf(other, way.isNumeric);
    if (!y) return asked('$a.localeCompare($b, $locale, $options)', { $a: one, $b: other, $locale: tags(locales), $options: options });
    if (x[0] !== y[0]) return x[0] < y[0] ? -1 : 1;
    if (way.byMarks && x[1] !== y[1]) return x[1] < y[1] ? -1 : 1;
    return way.bySize && x[2] !== y[2] ? (x[2] < y[2] ? -1 : 1) : 0;
  };

  // --- Intl ---------------------------------------------------------------------------------------------------------------
  const number = (value, locales, options) => asked('Number($value).toLocaleString($locale, $options)',
    { $value: digits(value), $locale: tags(locales), $options: options });
  const date = (name, value, locales, options) => {
    const ts = Number(value);
    if (Number.isNaN(ts)) return 'Invalid Date';
    return asked(`new Date($ts).${name}($locale, $options)`, { $ts: ts, $locale: tags(locales), $options: inOwnZone(options) });
  };
  const made = new WeakMap();
  // A class of formats: what is asked of one is asked of the parent's, of the same language and options.
  const formats = (name, methods, prepared = (options) => options) => {
    function Format(locales, options) {
      if (!new.target) return new Format(locales, options);
      const its = { $locale: tags(locales), $options: prepared(options && { ...options }) };
      const ask = (call, values) => asked(`new Intl.${name}($locale, $options).${call}`, { ...its, ...values });
      made.set(this, its);
      for (const [method, run] of Object.entries(methods)) {
        Object.defineProperty(this, method, { value: (...given) => run(ask, given, its), writable: true, configurable: true });
      }
    }
    Object.defineProperty(Format, 'name', { value: name });
    Object.defineProperty(Format, 'supportedLocalesOf', { configurable: true, writable: true,
      value: (locales) => [locales ?? []].flat().map(String) });
    Object.defineProperty(Format.prototype, 'resolvedOptions', { configurable: true, writable: true,
      value() {
        const { $locale, $options } = made.get(this);
        return { locale: [$locale ?? 'en-US'].flat()[0] ?? 'en-US', numberingSystem: 'latn', ...$options };
      } });
    Object.defineProperty(Format.prototype, Symbol.toStringTag, { value: `Intl.${name}`, configurable: true });
    return Format;
  };
  const moment = (value) => {
    const ts = value === undefined ? Date.now() : Number(value);
    if (Number.isNaN(ts)) throw new RangeError('Invalid time value');
    return { $ts: ts };
  };
  const range = (between) => (ask, [first, last]) => {
    const [from, to] = [first, last].map((value) => between(ask, [value]));
    return from === to ? from : `${from} – ${to}`;
  };
  const formatNumber = (ask, [value], { $locale, $options }) => number(typeof value === 'bigint' ? value : Number(value), $locale, $options);
  const formatDate = (ask, [value]) => ask('format($ts)', moment(value));
  const distance = ([value, unit]) => ({ $value: digits(Number(value)), $unit: String(unit) });
  const classes = {
    NumberFormat: formats('NumberFormat', { format: formatNumber,
      formatToParts: (ask, [value]) => ask('formatToParts(Number($value))', { $value: digits(Number(value)) }) }),
    DateTimeFormat: formats('DateTimeFormat', { format: formatDate, formatRange: range(formatDate),
      formatToParts: (ask, [value]) => ask('formatToParts($ts)', moment(value)) }, inOwnZone),
    RelativeTimeFormat: formats('RelativeTimeFormat', { format: (ask, given) => ask('format(Number($value), $unit)', distance(given)) }),
    PluralRules: formats('PluralRules', { select: (ask, [value]) => ask('select(Number($value))', { $value: digits(Number(value)) }) }),
    Collator: formats('Collator', { compare: (ask, [a, b], { $locale, $options }) => compare(a, b, $locale, $options) }),
  };
  // What is left is the engine's own.
  const Intl = Object.create(Object.prototype, { ...Object.getOwnPropertyDescriptors(engines ?? {}),
    [Symbol.toStringTag]: { value: 'Intl', configurable: true } });
  for (const [name, value] of Object.entries(classes)) Object.defineProperty(Intl, name, { value, writable: true, configurable: true });
  return {
    Intl,
    Number: (name, value, ...given) => number(Number(value), ...given),
    BigInt: (name, value, ...given) => number(BigInt(value), ...given),
    Date: (name, value, ...given) => date(name, value, ...given),
    String: (name, value, ...given) => compare(value, ...given),
  };
})

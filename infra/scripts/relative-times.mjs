// Prints the table of relative times, domain/expressions/src/library/relative_times.txt: how languages say "3 days ago", as the Unicode CLDR has
// it and Node's Intl knows it. Run it with a Node that has all languages: node infra/scripts/relative-times.mjs > …/relative_times.txt
//
// A line is a language, a style and eight cells, tabs between them: year, quarter, month, week, day, hour, minute, second. A cell is the past, the
// future and the words for amounts around zero ("1:tomorrow"), with ";" between them; a form is a letter for its plural category and a pattern in which "#"
// is the number, with "|" between them. A cell that is empty is that of the next longer style; a line without any is left out.
const UNITS = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"];
const STYLES = ["long", "short", "narrow"];
const LANGUAGES =
  "en en-GB en-AU en-CA en-IN de fr fr-CA es es-MX es-AR es-US pt pt-PT it nl pl ru uk tr ar he hi ja ko zh zh-TW zh-HK sv cs fi da nb nn el hu ro bg sk hr sl sr ca fa th vi id ms fil et lv lt".split(" ");
// Amounts of every plural category, whole and not; the categories of cardinals cover no more.
const AMOUNTS = [...Array(220).keys()].concat([1000000, 0.5, 1.5, 2.5, 10.5]);
const LETTER = { zero: "z", one: "o", two: "t", few: "f", many: "m", other: "x" };

function forms(language, style, unit, sign) {
  const format = new Intl.RelativeTimeFormat(language, { style, numeric: "always" });
  const plural = new Intl.PluralRules(language);
  const found = new Map();
  for (const amount of AMOUNTS) {
    const letter = LETTER[plural.select(amount)];
    if (found.has(letter)) continue;
    const parts = format.formatToParts(sign * amount, unit);
    let text = "";
    let inNumber = false;
    for (const part of parts) {
      if (part.type === "literal") {
        text += part.value;
        inNumber = false;
      } else if (!inNumber) {
        text += "#";
        inNumber = true;
      }
    }
    found.set(letter, text);
  }
  const other = found.get("x");
  const own = [...found].filter(([letter, text]) => letter !== "x" && text !== other);
  return [...own.map(([letter, text]) => letter + text), `x${other}`].join("|");
}

function words(language, style, unit) {
  const auto = new Intl.RelativeTimeFormat(language, { style, numeric: "auto" });
  const always = new Intl.RelativeTimeFormat(language, { style, numeric: "always" });
  const found = [];
  for (const amount of [-3, -2, -1, 0, 1, 2, 3]) {
    const text = auto.format(amount, unit);
    if (text !== always.format(amount, unit)) found.push(`${amount}:${text}`);
  }
  return found.join("|");
}

function cell(language, style, unit) {
  return [forms(language, style, unit, -1), forms(language, style, unit, 1), words(language, style, unit)].join(";");
}

for (const language of LANGUAGES) {
  if (new Intl.RelativeTimeFormat(language).resolvedOptions().locale.split("-")[0] !== language.split("-")[0]) {
    throw new Error(`This Node does not know ${language}.`);
  }
  let longer = {};
  for (const style of STYLES) {
    const cells = UNITS.map((unit) => cell(language, style, unit));
    const shown = cells.map((text, index) => (longer[UNITS[index]] === text ? "" : text));
    UNITS.forEach((unit, index) => { longer[unit] = cells[index]; });
    if (shown.some((text) => text !== "")) console.log([language, style, ...shown].join("\t"));
  }
}

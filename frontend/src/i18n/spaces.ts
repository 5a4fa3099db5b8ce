import type { Language } from './i18n'

/** French puts a space before high punctuation and inside its quotes, at which no line may break. */
export function spaced(language: Language, text: string): string {
  return language === 'fr' ? text.replace(/ (?=[:;!?»])/g, '\u00a0').replace(/« /g, '«\u00a0') : text
}

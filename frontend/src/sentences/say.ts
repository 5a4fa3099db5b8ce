import { currentLanguage, type Language } from '@/i18n/i18n'
import { spaced } from '@/i18n/spaces'
import { credentialErrors } from './credentialErrors'
import { executionErrors } from './executionErrors'
import { expressionErrors } from './expressionErrors'
import { importReports } from './importReports'
import { nodeErrors } from './nodeErrors'
import { publishProblems } from './publishProblems'
import { rejections } from './rejections'
import { requestProblems } from './requestProblems'
import { serverErrors } from './serverErrors'

/** The server writes English. */
type Translated = Record<Exclude<Language, 'en'>, string>

/** One sentence of the server, with its values as `{name}`, and what it is in the other languages. */
export interface Form extends Translated {
  en: string
}

/** What a code means. `{said}` stands for the server's own sentence, for what nobody can write but the author of a workflow. */
export interface Meaning extends Translated {
  /** The sentences of this code, to keep their values; any other sentence is said as the code's. */
  forms?: readonly Form[]
}

export type Meanings = Readonly<Record<string, Meaning>>

/** Every code that the server answers with. */
export const meanings: Meanings = {
  ...requestProblems,
  ...rejections,
  ...importReports,
  ...credentialErrors,
  ...nodeErrors,
  ...publishProblems,
  ...expressionErrors,
  ...executionErrors,
  ...serverErrors,
}

/** Whatever the server says with a code. */
export interface Told {
  message: string
  code?: string | null
}

/** What the server told, in the person's language: by its code, else as the server says it. */
export function say({ message, code }: Told): string {
  const language = currentLanguage()
  const meaning = meaningOf(code)
  if (language === 'en' || !meaning) return message
  return inForm(meaning, message, language) ?? spaced(language, fill(meaning[language], { said: message }))
}

/** The same for what stands beside the sentence (a hint, a cause), which has no code of its own. */
export function sayMore(code: string | null | undefined, text: string): string {
  const language = currentLanguage()
  const meaning = meaningOf(code)
  return language === 'en' || !meaning ? text : (inForm(meaning, text, language) ?? text)
}

function meaningOf(code: string | null | undefined): Meaning | undefined {
  return code != null && Object.hasOwn(meanings, code) ? meanings[code] : undefined
}

function inForm({ forms }: Meaning, message: string, language: keyof Translated): string | null {
  for (const form of forms ?? []) {
    const values = valuesIn(form.en, message)
    if (values) return spaced(language, fill(form[language], values))
  }
  return null
}

const placeholder = /\{(\w+)\}/g

/** The values that `message` has where `form` has placeholders; null when it is another sentence. */
function valuesIn(form: string, message: string): Record<string, string> | null {
  const names = [...form.matchAll(placeholder)].map((match) => match[1] ?? '')
  const fixed = form.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const found = new RegExp(`^${fixed.join('(.*?)')}$`, 's').exec(message)
  if (!found) return null
  return Object.fromEntries(names.map((name, index) => [name, found[index + 1] ?? '']))
}

function fill(text: string, values: Record<string, string>): string {
  return text.replace(placeholder, (whole, name: string) => values[name] ?? whole)
}

import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { i18next } from './i18n'
import { spaced } from './spaces'

type Texts = Record<string, string>
type PluralSuffix = '_one' | '_many' | '_other'
/** A key as it is asked for: the plural forms of a label share one. */
type AskedKey<Key> = Key extends `${infer Base}${PluralSuffix}` ? Base : Key
export type Values = Record<string, string | number>
export type Translate<Key extends string> = (key: Key, values?: Values) => string

/**
 * Labels live beside what they name. French must have every label that English has; a missing key does not compile.
 * French uses the form "many" from a million on; it reads as "other".
 */
export function defineLabels<const En extends Texts>(
  namespace: string,
  labels: { en: En; fr: { [Key in keyof En]: string } },
) {
  type Key = AskedKey<keyof En & string>
  i18next.addResourceBundle('en', namespace, labels.en)
  i18next.addResourceBundle('fr', namespace, inFrench(labels.fr))
  const translate: Translate<Key> = (key, values) => i18next.t(key, { ns: namespace, ...values })
  function useLabels(): Translate<Key> {
    const { t } = useTranslation(namespace)
    return useCallback<Translate<Key>>(
      (key, values) => (t as (key: string, values?: Values) => string)(key, values),
      [t],
    )
  }
  return { useLabels, translate }
}

/** With what French writes otherwise than English. */
function inFrench(texts: Texts): Texts {
  const all = { ...texts }
  for (const [key, text] of Object.entries(texts)) {
    all[key] = spaced('fr', text)
    if (key.endsWith('_other')) all[key.replace(/_other$/, '_many')] = spaced('fr', text)
  }
  return all
}

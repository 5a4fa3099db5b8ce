import { useLabels } from './labels'

/** The server says `v3` of a published version and `draft 17` of a draft; a draft has a word in each language. */
export function useVersionLabel(): (label: string) => string {
  const t = useLabels()
  return (label) => {
    const number = /^draft (\d+)$/.exec(label)?.[1]
    return number === undefined ? label : t('draft', { number })
  }
}

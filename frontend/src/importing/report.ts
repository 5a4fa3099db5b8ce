import type { ImportOutcome } from '@/gql/graphql'

/** What became of one part of an imported file. */
export interface ReportEntry {
  node: string | null
  outcome: ImportOutcome
  message: string
}

/** What needs a person first: the order in which outcomes are shown. */
export const outcomes: readonly ImportOutcome[] = ['LEFT_OUT', 'REPLACED', 'DEFAULTED', 'MAPPED']

/** The entries that a person should look at. */
export function remarkable(report: readonly ReportEntry[]): readonly ReportEntry[] {
  return report.filter(({ outcome }) => outcome !== 'MAPPED')
}

import type { ImportOutcome } from '@/gql/graphql'

/** What became of one part of an imported file. */
export interface ReportEntry {
  node: string | null
  outcome: ImportOutcome
  message: string
}

const urgency: Readonly<Record<ImportOutcome, number>> = { LEFT_OUT: 0, REPLACED: 1, DEFAULTED: 2, MAPPED: 3 }

/** What needs a person first: the order in which outcomes are shown. */
export const outcomes = (Object.keys(urgency) as ImportOutcome[]).sort((a, b) => urgency[a] - urgency[b])

/** The entries that a person should look at. */
export function remarkable(report: readonly ReportEntry[]): readonly ReportEntry[] {
  return report.filter(({ outcome }) => outcome !== 'MAPPED')
}

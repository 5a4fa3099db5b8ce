import type { ImportOutcome } from '@/gql/graphql'
import { say } from '@/sentences/say'
import classes from './ImportReport.module.css'
import { useLabels } from './labels'
import { outcomes, type ReportEntry } from './report'

/** What became of an imported file, or of one of its workflows: what needs a person first. */
export function ImportReport({ report, of }: { report: readonly ReportEntry[]; of?: string | undefined }) {
  const t = useLabels()
  if (report.every(({ outcome }) => outcome === 'MAPPED')) {
    return <p className={classes.all}>{t('all', { count: report.length })}</p>
  }
  return (
    <section className={classes.report} aria-label={of ? t('reportOf', { workflow: of }) : t('report')}>
      {outcomes.map((outcome) => {
        const entries = report.filter((entry) => entry.outcome === outcome)
        return entries.length > 0 && <Part key={outcome} outcome={outcome} entries={entries} />
      })}
    </section>
  )
}

/** All that had the same outcome; what needs nobody is folded. */
function Part({ outcome, entries }: { outcome: ImportOutcome; entries: readonly ReportEntry[] }) {
  const t = useLabels()
  const title = `${t(outcome)} · ${entries.length}`
  if (outcome === 'MAPPED') {
    return (
      <details>
        <summary>{title}</summary>
        <Entries entries={entries} />
      </details>
    )
  }
  return (
    <div>
      <h3>{title}</h3>
      <Entries entries={entries} />
    </div>
  )
}

function Entries({ entries }: { entries: readonly ReportEntry[] }) {
  const t = useLabels()
  return (
    <ul>
      {entries.map(({ node, outcome, message }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes, and its entries may be alike
        <li key={index}>
          <span className={classes.node}>{node ?? t('workflow')}</span>
          {say({ code: `import_${outcome.toLowerCase()}`, message })}
        </li>
      ))}
    </ul>
  )
}

import { say } from '@/sentences/say'
import classes from './ImportReport.module.css'
import { useLabels } from './labels'
import { outcomes, type ReportEntry } from './report'

/** What became of an imported file, or of one of its workflows: what needs a person first. */
export function ImportReport({ report, of }: { report: readonly ReportEntry[]; of?: string | undefined }) {
  const t = useLabels()
  if (report.every(({ outcome }) => outcome === 'MAPPED')) {
    return <p>{t('all', { count: report.length })}</p>
  }
  const label = of ? t('reportOf', { workflow: of }) : t('report')
  return (
    // It scrolls, so that the keyboard must get to it.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard
    <section className={classes.report} aria-label={label} tabIndex={0}>
      {outcomes.map((outcome) => {
        const entries = report.filter((entry) => entry.outcome === outcome)
        if (entries.length === 0) return null
        return (
          <div key={outcome}>
            <h3>
              {t(outcome)} · {entries.length}
            </h3>
            <ul>
              {entries.map(({ node, message }, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes, and its entries may be alike
                <li key={index}>
                  <span className={classes.node}>{node ?? t('workflow')}</span>
                  {say({ code: `import_${outcome.toLowerCase()}`, message })}
                </li>
              ))}
            </ul>
          </div>
        )
      })}
    </section>
  )
}

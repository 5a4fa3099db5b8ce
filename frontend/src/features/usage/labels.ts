import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('usage', {
  en: {
    title: 'Usage',
    period: 'Period: the last',
    days: '{{count}} days',
    executions: 'Executions',
    steps: 'Steps',
    code: 'Time in code',
    perDay: 'Executions per day',
    day: 'Day',
    chartOf: '{{day}}: {{count}} executions',
    emptyTitle: 'Nothing to count yet',
    empty:
      'As soon as workflows are executed, every day’s numbers stand here, and each leads to the executions behind it.',
    utc: 'Days are counted in UTC.',
    show: 'Show the executions of {{day}}',
  },
  fr: {
    title: 'Consommation',
    period: 'Période : les derniers',
    days: '{{count}} jours',
    executions: 'Exécutions',
    steps: 'Étapes',
    code: 'Temps dans le code',
    perDay: 'Exécutions par jour',
    day: 'Jour',
    chartOf: '{{day}} : {{count}} exécutions',
    emptyTitle: 'Rien à compter pour l’instant',
    empty:
      'Dès que des workflows sont exécutés, les nombres de chaque jour figurent ici, et chacun mène aux exécutions qu’il compte.',
    utc: 'Les jours sont comptés en UTC.',
    show: 'Voir les exécutions du {{day}}',
  },
})

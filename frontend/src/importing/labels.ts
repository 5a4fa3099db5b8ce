import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('importing', {
  en: {
    LEFT_OUT: 'Left out',
    REPLACED: 'Replaced',
    DEFAULTED: 'To look over',
    MAPPED: 'Taken over',
    workflow: 'The workflow',
    all_one: 'One part was taken over as it was.',
    all_other: 'All {{count}} parts were taken over as they were.',
    report: 'What became of the file',
    reportOf: 'What became of {{workflow}}',
  },
  fr: {
    LEFT_OUT: 'Laissé de côté',
    REPLACED: 'Remplacé',
    DEFAULTED: 'À vérifier',
    MAPPED: 'Repris',
    workflow: 'Le workflow',
    all_one: 'Un élément a été repris tel quel.',
    all_other: 'Les {{count}} éléments ont été repris tels quels.',
    report: 'Ce que le fichier est devenu',
    reportOf: 'Ce que {{workflow}} est devenu',
  },
})

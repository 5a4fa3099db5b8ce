import { defineLabels } from '@/i18n/labels'

export const { useLabels } = defineLabels('workflowSettings', {
  en: {
    title: 'Settings of the workflow',
    close: 'Close',
    errorWorkflow: 'Error workflow',
    errorWorkflowWhy:
      'It is executed when an execution of the published version fails. It needs an Error trigger and must be published.',
    errorDefault: 'This one if it has an Error trigger, else the default',
    errorNothing: 'None',
    timezone: 'Time zone',
    timezoneDefault: 'The default',
    timeout: 'Longest duration in seconds',
    timeoutNone: 'No limit',
    maxWait: 'Longest wait in seconds',
    maxWaitWhy: 'An execution that is queued, or waits for something, for longer is ended.',
    retention: 'Days that items are kept',
    retentionWhy:
      'What flowed through an execution is dropped after that, at the end of its month. That it took place stays.',
    retentionDefault: 'As everywhere in this workspace',
    priority: 'Priority',
    priorityWhy:
      'Who goes first where executions wait for their turn. The low ones wait longer, never for ever.',
    high: 'High',
    normal: 'Normal',
    low: 'Low',
    most: 'Executions at once',
    mostWhy: 'Further ones are queued, on all servers together. One that waits for long does not count.',
    key: 'Key of an execution',
    keyWhy:
      'An expression over the first item, such as ={{ $json.body.customer }}. Executions with the same key are limited on their own.',
    mostPerKey: 'Executions at once with the same key',
    mostPerKeyDefault: 'One',
    onceKey: 'Key of calls that come twice',
    onceKeyWhy:
      'An expression over the first item. Of calls and forms for which it gives the same within a day, one begins an execution.',
  },
  fr: {
    title: 'Réglages du workflow',
    close: 'Fermer',
    errorWorkflow: 'Workflow d’erreur',
    errorWorkflowWhy:
      'Il est exécuté quand une exécution de la version publiée échoue. Il lui faut un déclencheur d’erreur et il doit être publié.',
    errorDefault: 'Celui-ci s’il a un déclencheur d’erreur, sinon celui par défaut',
    errorNothing: 'Aucun',
    timezone: 'Fuseau horaire',
    timezoneDefault: 'Celui par défaut',
    timeout: 'Durée maximale en secondes',
    timeoutNone: 'Sans limite',
    maxWait: 'Attente maximale en secondes',
    maxWaitWhy: 'Une exécution mise en file, ou qui attend quelque chose, plus longtemps est terminée.',
    retention: 'Jours de conservation des éléments',
    retentionWhy:
      'Ce qui a traversé une exécution est effacé ensuite, à la fin de son mois. La trace de l’exécution reste.',
    retentionDefault: 'Comme partout dans cet espace',
    priority: 'Priorité',
    priorityWhy:
      'Qui passe d’abord quand des exécutions attendent leur tour. Les basses attendent plus longtemps, jamais toujours.',
    high: 'Haute',
    normal: 'Normale',
    low: 'Basse',
    most: 'Exécutions simultanées',
    mostWhy:
      'Les suivantes sont mises en file, sur tous les serveurs ensemble. Une exécution qui attend longtemps ne compte pas.',
    key: 'Clé d’une exécution',
    keyWhy:
      'Une expression sur le premier élément, comme ={{ $json.body.client }}. Les exécutions de même clé ont leur propre limite.',
    mostPerKey: 'Exécutions simultanées de même clé',
    mostPerKeyDefault: 'Une',
    onceKey: 'Clé des appels répétés',
    onceKeyWhy:
      'Une expression sur le premier élément. Des appels et formulaires pour lesquels elle donne la même chose en un jour, un seul lance une exécution.',
  },
})

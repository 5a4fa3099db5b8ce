import { placeholders, remarks } from './importRemarks'
import { rejections } from './rejections'
import type { Meanings } from './say'

/** Items that are pinned to a node of the file are refused in the words in which an edit is. */
const pinned = rejections.pinned_invalid.forms.map(({ en, fr }) => ({
  en: `Its pinned items: ${en}`,
  fr: `Ses éléments épinglés : ${fr}`,
}))

/** What became of the parts of an imported file. */
export const importReports = {
  import_mapped: {
    fr: '{said}',
    forms: [
      {
        en: '{type} {version} became {kind} {number}.',
        fr: '{type} {version} est devenu {kind} {number}.',
      },
      {
        en: 'The workflow is older than n8n 1.0 or says so: its branches are executed in the old order (v0).',
        fr: 'Le workflow date d’avant n8n 1.0, ou le dit : ses branches sont exécutées dans l’ancien ordre (v0).',
      },
    ],
  },
  import_defaulted: {
    fr: '{said}',
    forms: [
      {
        en: 'The workflow was active. Publish it to make it so here.',
        fr: 'Le workflow était actif. Publiez-le pour qu’il le soit ici.',
      },
      {
        en: "The time zone “{zone}” is unknown; the tenant's is used.",
        fr: 'Le fuseau « {zone} » est inconnu ; celui de l’espace est utilisé.',
      },
      {
        en: 'Some of the workflows that might execute this one are not in the file; name them again.',
        fr: 'Certains des workflows qui pouvaient exécuter celui-ci ne sont pas dans le fichier ; désignez-les de nouveau.',
      },
      {
        en: 'Only some workflows might execute this one; name them again, until then none does.',
        fr: 'Seuls certains workflows pouvaient exécuter celui-ci ; désignez-les de nouveau, d’ici là aucun ne le fait.',
      },
      {
        en: 'Another workflow was executed when this one failed (“{id}”). Choose it again in the settings of the workflow.',
        fr: 'Un autre workflow était exécuté quand celui-ci échouait (« {id} »). Choisissez-le à nouveau dans les réglages du workflow.',
      },
      ...remarks,
    ],
  },
  import_replaced: {
    fr: '{said}',
    forms: [
      {
        en: 'The placeholder keeps connections of the type {connection}; only items flow here.',
        fr: 'Le nœud à remplacer conserve les liens du type {connection} ; ici ne circulent que des éléments.',
      },
      {
        en: '{type} has no counterpart here yet. A placeholder keeps its parameters; replace it before you publish.',
        fr: '{type} n’a pas encore d’équivalent ici. Un nœud provisoire garde ses paramètres ; remplacez-le avant de publier.',
      },
      {
        en: 'Another node is called “{name}” too; references and connections mean that one.',
        fr: 'Un autre nœud s’appelle aussi « {name} » ; les références et les liens le désignent.',
      },
      {
        en: 'The name was too long or not readable and was changed.',
        fr: 'Le nom était trop long ou illisible et a été changé.',
      },
      {
        en: 'The notes were cut after {count} characters.',
        fr: 'Les notes ont été coupées après {count} caractères.',
      },
      ...placeholders,
    ],
  },
  import_left_out: {
    fr: '{said}',
    forms: [
      {
        en: 'Pinned items of a node that is not in the file.',
        fr: 'Des éléments épinglés d’un nœud qui n’est pas dans le fichier.',
      },
      {
        en: 'What n8n keeps of this workflow from one execution to the next (its static data) does not come along.',
        fr: 'Ce que n8n garde de ce workflow d’une exécution à l’autre (ses données statiques) ne suit pas.',
      },
      {
        en: 'Connections of a node that is not in the file.',
        fr: 'Les liens d’un nœud qui n’est pas dans le fichier.',
      },
      {
        en: 'Connections of the type {connection}; only items flow here.',
        fr: 'Les liens du type {connection} ; ici ne circulent que des éléments.',
      },
      {
        en: 'A connection from output {output} to “{name}”, which cannot be made.',
        fr: 'Un lien de la sortie {output} vers « {name} », impossible à tracer.',
      },
      {
        en: 'It signs in with the credential “{name}” of this tenant.',
        fr: 'Il s’authentifie avec l’identifiant « {name} » de cet espace.',
      },
      {
        en: 'The credential “{name}” ({kind}), which the node did not sign in with.',
        fr: 'L’identifiant « {name} » ({kind}), avec lequel le nœud ne s’authentifiait pas.',
      },
      {
        en: 'The credential “{name}” ({kind}) is not in the file. Choose one for this node.',
        fr: 'L’identifiant « {name} » ({kind}) n’est pas dans le fichier. Choisissez-en un pour ce nœud.',
      },
      {
        en: "The credential of this node is none of this tenant's. Choose one for this node.",
        fr: 'L’identifiant de ce nœud n’est pas de cet espace. Choisissez-en un pour ce nœud.',
      },
      {
        en: 'Your role does not let you use the credential of this node. Choose another one.',
        fr: 'Votre rôle ne vous laisse pas utiliser l’identifiant de ce nœud. Choisissez-en un autre.',
      },
      {
        en: 'The setting “{key}” has no counterpart here.',
        fr: 'Le réglage « {key} » n’a pas d’équivalent ici.',
      },
      ...pinned,
      {
        en: 'Its pinned items: with them, the workflow would be larger than {max} bytes.',
        fr: 'Ses éléments épinglés : avec eux, le workflow dépasserait {max} octets.',
      },
    ],
  },
} satisfies Meanings

import type { Meanings } from './say'

/** What stands in the way of publishing, beside what a rejection or an expression may say as well. */
export const publishProblems = {
  duplicate_name: {
    fr: 'Deux nœuds portent le même nom. Renommez-en un.',
    forms: [
      {
        en: 'Two nodes are called “{name}”. Give one of them another name.',
        fr: 'Deux nœuds s’appellent « {name} ». Renommez-en un.',
      },
      {
        en: 'Two nodes are named “{name}”. Rename one of them.',
        fr: 'Deux nœuds s’appellent « {name} ». Renommez-en un.',
      },
    ],
  },
  placeholder: {
    fr: 'Un nœud tient la place d’un autre qui n’existe pas ici. Remplacez-le ou supprimez-le.',
    forms: [
      {
        en: '{foreign} has no counterpart here. Replace this node by others that do the same, or delete it.',
        fr: '{foreign} n’a pas d’équivalent ici. Remplacez ce nœud par d’autres qui font la même chose, ou supprimez-le.',
      },
    ],
  },
  expression_refused: { fr: 'Ce champ vaut pour tous les éléments : une expression n’y a pas sa place.' },
  parameter_invalid: {
    fr: 'Ce champ a une valeur qui ne convient pas.',
    forms: [
      {
        en: 'A path has letters, digits, “-”, “_”, “.”, “~” and “/”; a part that begins with “:” is a parameter.',
        fr: 'Un chemin a des lettres, des chiffres, « - », « _ », « . », « ~ » et « / » ; une partie qui commence par « : » est un paramètre.',
      },
      {
        en: '“{address}” is no address. Write addresses (203.0.113.5) and networks (10.1.0.0/16, fd00::/8), separated by commas.',
        fr: '« {address} » n’est pas une adresse. Écrivez des adresses (203.0.113.5) et des réseaux (10.1.0.0/16, fd00::/8), séparés par des virgules.',
      },
      { en: 'A form has at most {most} fields.', fr: 'Un formulaire a au plus {most} champs.' },
      { en: 'The fields of a form are a list.', fr: 'Les champs d’un formulaire sont une liste.' },
      {
        en: 'The fields of a form are a JSON list of objects with a fieldLabel and a fieldType.',
        fr: 'Les champs d’un formulaire sont une liste JSON d’objets avec un fieldLabel et un fieldType.',
      },
      {
        en: 'Forms have no fields of type “{kind}”.',
        fr: 'Les formulaires n’ont pas de champ de type « {kind} ».',
      },
      { en: 'Every field needs a label.', fr: 'Chaque champ a besoin d’un libellé.' },
      { en: 'Two fields are called “{name}”.', fr: 'Deux champs s’appellent « {name} ».' },
      { en: '“{name}” has nothing to choose from.', fr: '« {name} » n’offre aucun choix.' },
      {
        en: 'The address must begin with https:// or http://.',
        fr: 'L’adresse doit commencer par https:// ou http://.',
      },
      {
        en: 'These search criteria are no list as JSON. Write them as ["UNSEEN", ["FROM", "ada"]].',
        fr: 'Ces critères de recherche ne sont pas une liste JSON. Écrivez-les comme ["UNSEEN", ["FROM", "ada"]].',
      },
      {
        en: 'These search criteria cannot be understood: {reason}',
        fr: 'Ces critères de recherche ne peuvent pas être compris : {reason}',
      },
      { en: 'An interval is at least 1.', fr: 'Un intervalle est d’au moins 1.' },
      { en: 'This interval is at most {most}.', fr: 'Cet intervalle est de {most} au plus.' },
      {
        en: 'There is no such time. Hours are whole numbers from 0 to 23, minutes from 0 to 59.',
        fr: 'Ce moment n’existe pas. Les heures vont de 0 à 23 et les minutes de 0 à 59, en nombres entiers.',
      },
      { en: 'There is no such time of the day.', fr: 'Cette heure de la journée n’existe pas.' },
      {
        en: 'The parameter “{field}” cannot be read: {reason}.',
        fr: 'Le paramètre « {field} » ne peut pas être lu ({reason}).',
      },
      {
        en: '“{label}” is {value}, but must be a whole number between {min} and {max}.',
        fr: 'Ce champ attend un nombre entier entre {min} et {max}.',
      },
      {
        en: '“{label}” is {value}, but must be a number between {min} and {max}.',
        fr: 'Ce champ attend un nombre entre {min} et {max}.',
      },
      {
        en: '“{label}” is {value}, but must be a whole number of at least {min}.',
        fr: 'Ce champ attend un nombre entier d’au moins {min}.',
      },
      {
        en: '“{label}” is {value}, but must be a number of at least {min}.',
        fr: 'Ce champ attend un nombre d’au moins {min}.',
      },
      { en: '“{label}” is {value}, but must be a whole number.', fr: 'Ce champ attend un nombre entier.' },
      { en: '“{label}” is {value}, but must be a number.', fr: 'Ce champ attend un nombre.' },
      { en: '“{label}” is {value}, but must be true or false.', fr: 'Ce champ attend vrai ou faux.' },
      { en: '“{label}” is {value}, but must be text.', fr: 'Ce champ attend du texte.' },
      {
        en: '“{label}” is {value}, but must be a list of objects.',
        fr: 'Ce champ attend une liste d’objets.',
      },
      { en: '“{label}” is {value}, but must be a list.', fr: 'Ce champ attend une liste.' },
      { en: '“{label}” is {value}, but must be an object.', fr: 'Ce champ attend un objet.' },
      {
        en: '“{label}” is {value}, but must be the id of a credential.',
        fr: 'Choisissez un identifiant.',
      },
      {
        en: '“{label}” is {value}, but must be the id of a workflow.',
        fr: 'Choisissez un workflow.',
      },
      { en: '“{label}” has no choice {value}.', fr: 'Le choix {value} n’existe pas dans ce champ.' },
    ],
  },
  parameter_required: {
    fr: 'Ce champ doit être rempli.',
    forms: [
      { en: '“{label}” must be filled in.', fr: 'Ce champ doit être rempli.' },
      { en: 'Say when the workflow is to start.', fr: 'Dites quand le workflow doit démarrer.' },
      { en: 'Say when the trigger is to look.', fr: 'Dites quand le déclencheur doit regarder.' },
    ],
  },
  secret_in_parameter: {
    fr: 'Un secret ne doit être écrit ni dans un nœud ni dans une variable : mettez-le dans un identifiant de type « Secret ».',
  },
  time_zone: {
    fr: 'Ce fuseau horaire n’existe pas. Choisissez-en un comme Europe/Paris.',
    forms: [
      {
        en: 'There is no time zone “{name}”. Choose one like “Europe/Paris”.',
        fr: 'Le fuseau horaire « {name} » n’existe pas. Choisissez-en un comme Europe/Paris.',
      },
    ],
  },
  unknown_kind: {
    fr: 'Ce genre de nœud n’existe pas ici. Remplacez ce nœud.',
    forms: [
      {
        en: 'There is no node kind “{kind}”.',
        fr: 'Le genre de nœud « {kind} » n’existe pas ici. Remplacez ce nœud.',
      },
      {
        en: 'The node kind “{kind}” has no version {version}; the newest is {newest}.',
        fr: 'Le genre de nœud « {kind} » n’a pas de version {version} ; la plus récente est {newest}.',
      },
    ],
  },
  unknown_node: {
    fr: 'Une expression parle d’un nœud qui n’existe pas.',
    forms: [{ en: 'No node is named “{name}”.', fr: 'Aucun nœud ne s’appelle « {name} ».' }],
  },
  unknown_port: {
    fr: 'Un lien part d’une sortie ou mène à une entrée qui n’existe pas. Retirez-le.',
    forms: [
      {
        en: '“{name}” has no output {port}. Remove the edge.',
        fr: '« {name} » n’a pas de sortie {port}. Retirez le lien.',
      },
      {
        en: '“{name}” has no input {port}. Remove the edge.',
        fr: '« {name} » n’a pas d’entrée {port}. Retirez le lien.',
      },
    ],
  },
  unreachable: {
    fr: 'Aucun déclencheur ne mène à ce nœud : il n’est jamais exécuté. Reliez-le, ou supprimez-le.',
    forms: [
      {
        en: 'No trigger leads to the node “{name}”, so that it is never executed. Join it, or remove it.',
        fr: 'Aucun déclencheur ne mène au nœud « {name} » : il n’est jamais exécuté. Reliez-le, ou supprimez-le.',
      },
    ],
  },
} satisfies Meanings

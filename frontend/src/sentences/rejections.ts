import { requestProblems } from './requestProblems'
import type { Meanings } from './say'

const nameForms = (what: string, fr: string) => [
  { en: `The ${what} must not be empty.`, fr: `${fr} ne peut pas rester vide.` },
  {
    en: `The ${what} must not be longer than {max} characters.`,
    fr: `${fr} ne peut pas dépasser {max} caractères.`,
  },
  {
    en: `The ${what} must not contain line breaks or other control characters.`,
    fr: `${fr} ne peut contenir ni retour à la ligne ni caractère invisible.`,
  },
  {
    en: `The ${what} must not contain characters that change the direction of writing.`,
    fr: `${fr} ne peut pas contenir de caractère qui change le sens d’écriture.`,
  },
]

const names = [
  ...nameForms('name of a node', 'Le nom d’un nœud'),
  ...nameForms('name of the workflow', 'Le nom du workflow'),
  ...nameForms('product name', 'Le nom du produit'),
  ...nameForms('name', 'Le nom'),
]

const parameter = 'Le paramètre « {parameter} » du nœud « {name} »'
const pinned = 'La liste d’éléments épinglés du nœud « {name} »'

const plainForms = (en: string, fr: string) => [
  { en: `The parameter “{parameter}” of the node “{name}” ${en}.`, fr: `${parameter} ${fr}.` },
  { en: `The list of pinned items of the node “{name}” ${en}.`, fr: `${pinned} ${fr}.` },
]

/** Why a file, or one of the workflows in it, cannot be imported. */
const files = [
  {
    en: 'This is not a JSON file: {reason}.',
    fr: 'Ce n’est pas un fichier JSON ({reason}).',
  },
  {
    en: 'This is not a workflow file: it does not begin with {start}.',
    fr: 'Ce n’est pas un fichier de workflow : il ne commence pas par {start}.',
  },
  {
    en: 'This workflow file has version {version} and this program reads up to {newest}. Update it.',
    fr: 'Ce fichier est de la version {version}, et ce serveur lit jusqu’à la version {newest}. Mettez-le à jour.',
  },
  {
    en: 'This workflow file is wrong at “{path}”: {reason}.',
    fr: 'Ce fichier de workflow ne peut pas être lu à « {path} » ({reason}).',
  },
  {
    en: '{what} refers to a node “{name}”, which is not in the file.',
    fr: 'Le fichier parle d’un nœud « {name} » qui n’y est pas ({what}).',
  },
  {
    en: 'The file is not JSON. Export the workflow again as JSON.',
    fr: 'Ce fichier n’est pas du JSON. Exportez de nouveau le workflow en JSON.',
  },
  {
    en: 'The file is not a workflow: it has no list “nodes”. Export the workflow and import that file.',
    fr: 'Ce fichier n’est pas un workflow : il n’a pas de liste « nodes ». Exportez le workflow et importez ce fichier-là.',
  },
  {
    en: 'The text holds several workflows. Import it as a file instead.',
    fr: 'Ce texte contient plusieurs workflows. Importez-le plutôt comme fichier.',
  },
  {
    en: 'The file holds {count} workflows; at most 200 can be imported at once. Import them in several files.',
    fr: 'Ce fichier contient {count} workflows ; on en importe 200 au plus à la fois. Répartissez-les en plusieurs fichiers.',
  },
]

/** The same of one workflow of several. */
const filesOfSeveral = files.map(({ en, fr }) => ({
  en: `Workflow {number} of {count}: ${en}`,
  fr: `Workflow {number} sur {count} : ${fr}`,
}))

/** Why a command was refused; nothing was changed. */
export const rejections = {
  bad_input: { fr: 'Cette demande n’a pas de sens ici. Rechargez la page, puis réessayez.' },
  bound_invalid: {
    fr: 'Le nombre d’étapes, la durée et le nombre d’exécutions simultanées doivent être d’au moins 1.',
  },
  color_invalid: {
    fr: 'Ce n’est pas une couleur. Écrivez-la comme #1f6feb.',
    forms: [
      {
        en: '“{color}” is not a colour. Write it like #1f6feb.',
        fr: '« {color} » n’est pas une couleur. Écrivez-la comme #1f6feb.',
      },
    ],
  },
  credential_forbidden: {
    fr: 'Votre rôle ne permet pas d’utiliser l’identifiant d’un nœud. Demandez à un propriétaire de cet espace.',
    forms: [
      {
        en: 'The node “{name}” finds out only in the execution which workflow it executes, and your role does not let you use credentials ({action}). Ask an owner of this tenant.',
        fr: 'Le nœud « {name} » ne sait qu’à l’exécution quel workflow il exécute, et votre rôle ne vous laisse pas utiliser d’identifiants ({action}). Demandez à un propriétaire de cet espace.',
      },
      {
        en: 'Your role does not let you use the credential of {nodes} ({action}). Ask an owner of this tenant, or choose another credential in that node.',
        fr: 'Votre rôle ne vous laisse pas utiliser l’identifiant de {nodes} ({action}). Demandez à un propriétaire de cet espace, ou choisissez un autre identifiant dans ce nœud.',
      },
    ],
  },
  dangling_edge: { fr: 'Un lien part d’un nœud qui n’est pas là, ou y mène. Retirez ce lien.' },
  draft_changed: {
    fr: 'Le brouillon a changé pendant sa vérification. Regardez-le, puis publiez à nouveau.',
  },
  edit_conflict: {
    fr: 'Quelqu’un d’autre vient de modifier la même chose. Regardez ce qu’elle est devenue, puis refaites votre changement.',
  },
  email_invalid: { fr: 'Cette adresse e-mail ne peut pas être lue. Vérifiez-la.' },
  email_taken: {
    fr: 'Cette adresse e-mail est déjà utilisée. Donnez le mot de passe qui va avec, ou prenez-en une autre.',
  },
  env_empty: { fr: 'Ce fichier ne contient aucune variable. Chaque ligne s’écrit NOM=valeur.' },
  env_line_invalid: {
    fr: 'Une ligne n’est pas de la forme NOM=valeur. Mettez un # devant une remarque.',
    forms: [
      {
        en: 'Line {line} is not NAME=value. Put a # before a remark.',
        fr: 'La ligne {line} n’est pas de la forme NOM=valeur. Mettez un # devant une remarque.',
      },
    ],
  },
  env_name_invalid: {
    fr: 'Un nom du fichier ne convient pas à une variable.',
    forms: [
      {
        en: '“{name}” on line {line} cannot be the name of a variable. Begin with a letter or _ and go on with letters, digits and _, at most {max} characters.',
        fr: 'À la ligne {line}, une variable ne peut pas s’appeler « {name} ». Commencez par une lettre ou _, puis des lettres, des chiffres et _ : {max} caractères au plus.',
      },
    ],
  },
  env_quote_followed: {
    fr: 'Quelque chose suit le guillemet qui termine une valeur.',
    forms: [
      {
        en: 'Something follows the {quote} that ends the value on line {line}. Put a # before a remark.',
        fr: 'Quelque chose suit le {quote} qui termine la valeur à la ligne {line}. Mettez un # devant une remarque.',
      },
    ],
  },
  env_quote_open: {
    fr: 'Une valeur n’a pas son guillemet de fin.',
    forms: [
      {
        en: 'The value that begins on line {line} has no {quote} at its end.',
        fr: 'La valeur qui commence à la ligne {line} n’a pas de {quote} à la fin.',
      },
    ],
  },
  env_too_many: {
    fr: 'Le fichier définit trop de variables.',
    forms: [
      {
        en: 'The file sets more than {max} variables. Import it in several parts.',
        fr: 'Le fichier définit plus de {max} variables. Importez-le en plusieurs parties.',
      },
    ],
  },
  env_value_too_large: {
    fr: 'Une valeur du fichier est trop longue.',
    forms: [
      {
        en: 'The value of “{name}” on line {line} is longer than {max} bytes.',
        fr: 'À la ligne {line}, la valeur de « {name} » dépasse {max} octets.',
      },
    ],
  },
  execution_ended: { fr: 'Cette exécution était déjà terminée ; rien n’a changé.' },
  execution_exists: { fr: 'Cette exécution existe déjà.' },
  execution_missing: { fr: 'Cette exécution n’existe pas.' },
  execution_not_retryable: {
    fr: 'Seule une exécution échouée ou annulée peut être reprise. Exécutez plutôt le workflow à nouveau.',
  },
  execution_not_started: { fr: 'Cette exécution n’a pas encore commencé.' },
  execution_started: { fr: 'Cette exécution a déjà commencé.' },
  execution_unfinished: { fr: 'Un nœud n’a pas encore terminé : l’exécution n’a donc pas réussi.' },
  file_invalid: {
    fr: 'Ce fichier n’a pas pu être lu : {said}',
    forms: [
      ...filesOfSeveral,
      ...files,
      {
        en: 'What the file of this item holds is not base64.',
        fr: 'Le contenu du fichier de cet élément n’est pas du base64.',
      },
      {
        en: 'What the file “{name}” holds is not base64.',
        fr: 'Le contenu du fichier « {name} » n’est pas du base64.',
      },
      {
        en: 'The file of this item has not as many bytes as its item says.',
        fr: 'Le fichier de cet élément n’a pas autant d’octets que son élément le dit.',
      },
      {
        en: 'The file “{name}” has not as many bytes as its item says.',
        fr: 'Le fichier « {name} » n’a pas autant d’octets que son élément le dit.',
      },
    ],
  },
  import_too_large: {
    fr: 'Ce fichier est trop grand pour être importé. Retirez-en les données épinglées, ou prenez moins de workflows.',
    forms: [
      {
        en: 'The file has {size} bytes; at most {most} are taken. Leave out its pinned data, or import its workflows in several files.',
        fr: 'Ce fichier fait {size} octets ; on en prend {most} au plus. Retirez-en les données épinglées, ou importez ses workflows en plusieurs fichiers.',
      },
    ],
  },
  forbidden: {
    fr: 'Votre rôle ne permet pas de donner ou de retirer ce rôle-là. Un propriétaire peut le faire.',
  },
  group_ended: { fr: 'Cette suite de changements était close. Refaites le dernier.' },
  invalid_input: {
    fr: 'Ces éléments ne peuvent pas être lus : il faut une liste d’objets.',
    forms: [
      { en: 'Item {index} is not an object.', fr: 'L’élément {index} n’est pas un objet.' },
      {
        en: 'Item {index} cannot be read: {reason}.',
        fr: 'L’élément {index} ne peut pas être lu ({reason}).',
      },
    ],
  },
  kind_missing: {
    fr: 'Il manque à ce nœud son genre.',
    forms: [
      {
        en: 'The kind of the node “{name}” is missing.',
        fr: 'Il manque au nœud « {name} » son genre.',
      },
    ],
  },
  last_owner: { fr: 'C’est le seul propriétaire. Donnez d’abord ce rôle à un autre membre.' },
  late_report: { fr: 'Ce compte rendu d’une étape arrive trop tard, ou trop tôt.' },
  late_signal: {
    fr: 'Personne n’attend ce signal : il a déjà été donné, son temps est passé ou n’est pas venu.',
  },
  logo_invalid: {
    fr: 'Le logo doit être une adresse https://, un chemin qui commence par /, ou une image de 64 Ko au plus.',
  },
  member_exists: { fr: 'Cette personne est déjà membre.' },
  member_missing: { fr: 'Ce membre n’existe pas ou a été retiré. Ajoutez la personne à nouveau.' },
  name_empty: { fr: 'Le nom ne peut pas rester vide.', forms: names },
  name_invalid: {
    fr: 'Ce nom ne convient pas. Choisissez-en un autre.',
    forms: [
      {
        en: '“{name}” cannot be the name of a variable. Begin with a letter or _ and go on with letters, digits and _, at most {max} characters.',
        fr: 'Une variable ne peut pas s’appeler « {name} ». Commencez par une lettre ou _, puis des lettres, des chiffres et _ : {max} caractères au plus.',
      },
      {
        en: 'Give a name of 1 to 128 characters, without line breaks and characters that change the direction of writing.',
        fr: 'Donnez un nom de 1 à 128 caractères, sans retour à la ligne ni caractère qui change le sens d’écriture.',
      },
      ...names,
    ],
  },
  name_taken: {
    fr: 'Ce nom est déjà pris. Choisissez-en un autre.',
    forms: [
      {
        en: 'Another node is called “{name}” already. Choose another name, “{free}” for instance.',
        fr: 'Un autre nœud s’appelle déjà « {name} ». Choisissez un autre nom, par exemple « {free} ».',
      },
      {
        en: '“{name}” is taken already. Choose another name.',
        fr: '« {name} » est déjà pris. Choisissez un autre nom.',
      },
    ],
  },
  name_too_long: { fr: 'Ce nom est trop long.', forms: names },
  no_trigger: {
    fr: 'Rien ne démarre ce workflow. Ajoutez un déclencheur, un webhook ou un horaire par exemple, et laissez-le allumé.',
  },
  node_exists: { fr: 'Ce nœud est ou était déjà là. Rechargez la page, puis réessayez.' },
  node_missing: { fr: 'Ce nœud n’est plus là. Il a peut-être été supprimé.' },
  node_too_large: {
    fr: 'Les paramètres de ce nœud sont trop gros pris ensemble.',
    forms: [
      {
        en: 'The parameters of the node “{name}” are larger than {max} bytes together.',
        fr: 'Pris ensemble, les paramètres du nœud « {name} » dépassent {max} octets.',
      },
    ],
  },
  not_a_report: { fr: 'Cet événement n’est pas de ceux qu’un exécutant annonce.' },
  not_a_webhook: { fr: 'Ce nœud n’est pas un webhook que l’on puisse appeler. Vérifiez ses paramètres.' },
  not_found: {
    fr: 'Cela n’existe pas ici, ou n’y est plus.',
    forms: [
      { en: 'There is no such workflow.', fr: 'Ce workflow n’existe pas ici, ou n’y est plus.' },
      { en: 'There is no such execution.', fr: 'Cette exécution n’existe pas ici, ou n’y est plus.' },
      { en: 'There is no such variable.', fr: 'Cette variable n’existe pas ici, ou n’y est plus.' },
      { en: 'There is no such member.', fr: 'Ce membre n’existe pas ici, ou n’y est plus.' },
    ],
  },
  not_published: { fr: 'Ce workflow n’a jamais été publié. Publiez-le d’abord.' },
  not_retryable: {
    fr: 'Seule une exécution échouée ou annulée peut être reprise. Exécutez plutôt le workflow à nouveau.',
  },
  not_started: {
    fr: 'L’exécution n’a pas commencé.',
    forms: [
      { en: 'This node cannot start the workflow.', fr: 'Ce nœud ne peut pas démarrer le workflow.' },
      { en: 'This call was made before.', fr: 'Cet appel a déjà été fait.' },
      {
        en: 'No path leads from this trigger to that node.',
        fr: 'Aucun chemin ne mène de ce déclencheur à ce nœud.',
      },
      {
        en: 'The execution whose items should be used again is not there any longer. Execute the workflow from its trigger.',
        fr: 'L’exécution dont les éléments devaient être repris n’est plus là. Exécutez le workflow depuis son déclencheur.',
      },
      {
        en: 'The data is nested more than {max} levels deep. Make it flatter, or send the part that matters.',
        fr: 'Les données sont imbriquées sur plus de {max} niveaux. Aplatissez-les, ou envoyez la partie utile.',
      },
      {
        en: 'The execution is no longer in this process. Look at it in the list of executions.',
        fr: 'L’exécution se poursuit ailleurs. Retrouvez-la dans la liste des exécutions.',
      },
    ],
  },
  notes_too_long: {
    fr: 'Les notes de ce nœud sont trop longues.',
    forms: [
      {
        en: 'The notes of the node “{name}” must not be longer than {max} characters.',
        fr: 'Les notes du nœud « {name} » ne peuvent pas dépasser {max} caractères.',
      },
    ],
  },
  nothing_to_redo: { fr: 'Il n’y a rien à rétablir.' },
  nothing_to_undo: { fr: 'Il n’y a rien à annuler.' },
  overloaded: { fr: 'Trop de choses se passent en même temps. Réessayez dans un instant.' },
  parameters_invalid: {
    fr: 'Les paramètres d’un nœud doivent former un objet.',
    forms: [
      {
        en: 'The parameters of the node “{name}” must be an object.',
        fr: 'Les paramètres du nœud « {name} » doivent former un objet.',
      },
    ],
  },
  password_weak: requestProblems.weak_password,
  pinned_invalid: {
    fr: 'Chaque élément épinglé doit contenir un objet.',
    forms: [
      {
        en: 'Every pinned item of the node “{name}” must hold an object.',
        fr: 'Chaque élément épinglé du nœud « {name} » doit contenir un objet.',
      },
    ],
  },
  port_invalid: { fr: 'Aucun nœud n’a cette entrée ou cette sortie. Retirez le lien.' },
  publish_refused: { fr: 'Le brouillon ne peut pas encore être publié.' },
  quota_exceeded: {
    fr: 'Votre formule est épuisée pour cette période.',
    forms: [
      {
        en: 'The quota {counter} is used up: {used} of {limit}.',
        fr: 'Le quota {counter} est épuisé : {used} sur {limit}.',
      },
    ],
  },
  key_too_long: { fr: 'Une clé des réglages est trop longue.' },
  at_once_invalid: {
    fr: 'Il faut permettre au moins une exécution à la fois. Laissez vide pour autant que cette installation en permet.',
  },
  retention_invalid: {
    fr: 'Les éléments se gardent de 1 à 3650 jours.',
    forms: [
      {
        en: 'Items can be kept for 1 to 3650 days, not {days}.',
        fr: 'Les éléments se gardent de 1 à 3650 jours, pas {days}.',
      },
    ],
  },
  timeout_invalid: {
    fr: 'La durée maximale d’un nœud doit être d’au moins une seconde.',
    forms: [
      {
        en: 'The longest time that the node “{name}” may be at work must be at least a second.',
        fr: 'La durée maximale du nœud « {name} » doit être d’au moins une seconde.',
      },
    ],
  },
  retry_invalid: {
    fr: 'Un nœud peut être tenté de 1 à 100 fois, avec un jour au plus entre deux tentatives.',
  },
  several_triggers: { fr: 'Ce workflow a plusieurs déclencheurs. Choisissez celui qui le démarre.' },
  slug_invalid: {
    fr: 'Cela ne peut pas entrer dans une adresse web. Prenez de 2 à 40 minuscules, chiffres et traits d’union, avec une lettre ou un chiffre au début et à la fin.',
  },
  stale_owner: { fr: 'Un autre exécutant s’occupe désormais de cette exécution.' },
  superseded: {
    fr: 'Quelqu’un d’autre a modifié la même chose depuis : votre changement ne peut plus être annulé ni rétabli.',
  },
  tenant_exists: { fr: 'Cet espace existe déjà.' },
  tenant_missing: { fr: 'Cet espace n’existe pas.' },
  timezone_unknown: {
    fr: 'Ce n’est pas un fuseau horaire. Prenez un nom comme Europe/Paris.',
    forms: [
      {
        en: '“{timezone}” is not a time zone. Use a name such as Europe/Paris.',
        fr: '« {timezone} » n’est pas un fuseau horaire. Prenez un nom comme Europe/Paris.',
      },
    ],
  },
  too_large: {
    fr: 'C’est trop à la fois. Procédez par parties plus petites, ou gardez les grosses données hors du workflow.',
    forms: [
      {
        en: 'The items of this execution cannot be recorded: {what} has {size} bytes of {limit} allowed.',
        fr: 'Les éléments de cette exécution sont trop gros pour être gardés : {size} octets, pour {limit} permis.',
      },
      {
        en: '{what} has {size} bytes; at most {limit} are allowed.',
        fr: 'C’est trop à la fois : {size} octets, pour {limit} permis.',
      },
    ],
  },
  too_many_edges: { fr: 'Ce workflow a trop de liens. Déplacez-en une partie dans un autre workflow.' },
  too_many_edits: { fr: 'Cela fait trop de changements à la fois. Procédez en plusieurs fois.' },
  too_many_nodes: { fr: 'Ce workflow a trop de nœuds. Déplacez-en une partie dans un autre workflow.' },
  too_many_parameters: {
    fr: 'Ce nœud a trop de paramètres.',
    forms: [
      {
        en: 'The node “{name}” has more than {max} parameters.',
        fr: 'Le nœud « {name} » a plus de {max} paramètres.',
      },
    ],
  },
  value_not_json: {
    fr: 'Cette valeur contient ce que JSON ne sait pas dire.',
    forms: plainForms(
      'holds something that JSON has no place for',
      'contient quelque chose que JSON ne sait pas dire',
    ),
  },
  value_too_deep: {
    fr: 'Cette valeur a trop de niveaux.',
    forms: plainForms('is nested more than {max} levels deep', 'a plus de {max} niveaux'),
  },
  value_too_large: {
    fr: 'Cette valeur est trop grande.',
    forms: [
      ...plainForms('is larger than {max} bytes', 'dépasse {max} octets'),
      {
        en: 'The value of a variable must not be longer than {max} bytes.',
        fr: 'La valeur d’une variable ne peut pas dépasser {max} octets.',
      },
    ],
  },
  variable_missing: { fr: 'Cette variable n’existe pas ou a été supprimée. Créez-en une nouvelle.' },
  variable_renamed: {
    fr: 'Une variable ne peut pas changer de nom. Créez-en une nouvelle.',
    forms: [
      {
        en: 'This variable is called “{name}” and cannot be renamed. Make a new one.',
        fr: 'Cette variable s’appelle « {name} » et ne peut pas changer de nom. Créez-en une nouvelle.',
      },
    ],
  },
  version_unknown: { fr: 'Cette page est en avance sur le workflow. Rechargez-la.' },
  workflow_archived: { fr: 'Ce workflow est archivé. Copiez-le pour continuer.' },
  workflow_exists: { fr: 'Ce workflow existe déjà.' },
  workflow_missing: { fr: 'Ce workflow n’existe pas.' },
} satisfies Meanings

import { expressionErrors } from './expressionErrors'
import { publishProblems } from './publishProblems'
import type { Meanings } from './say'

/** Why a step or an execution failed. */
export const executionErrors = {
  code_busy: { fr: 'Tous les exécuteurs de code sont occupés. Réessayez dans un instant.' },
  code_crashed: {
    fr: 'Le processus qui exécutait le code s’est arrêté net, sans doute faute de mémoire. Traitez les éléments par lots plus petits.',
  },
  code_never_settles: { fr: 'Le code attend une promesse qui n’aboutit jamais : {said}' },
  code_return: {
    fr: 'Ce que le code renvoie ne convient pas : {said}',
    forms: [
      {
        en: 'The code returned {value}. Return a list of items, for instance {examples}.',
        fr: 'Le code ne renvoie pas une liste d’éléments. Renvoyez-en une, par exemple {examples}.',
      },
      {
        en: 'The code returned {value} for item {index}. In this mode return one object: {example}.',
        fr: 'Pour l’élément {index}, le code ne renvoie pas un objet. Dans ce mode, renvoyez-en un seul : {example}.',
      },
      {
        en: 'Item {index} is {value}, not an object. Return a list of objects.',
        fr: 'L’élément {index} n’est pas un objet. Renvoyez une liste d’objets.',
      },
      {
        en: 'The "json" of item {index} is {value}, not an object.',
        fr: 'Le champ « json » de l’élément {index} n’est pas un objet.',
      },
      {
        en: 'The "data" of the file "{name}" of item {index} is not base64. Write {example}, for instance.',
        fr: 'Les données (« data ») du fichier « {name} » de l’élément {index} ne sont pas en base64. Écrivez par exemple {example}.',
      },
      {
        en: 'The file "{name}" of item {index} has an "id" and no "data". Give its bytes as "data", in base64, or pass on a file that came in.',
        fr: 'Le fichier « {name} » de l’élément {index} a un « id » et pas de « data ». Donnez son contenu dans « data », en base64, ou transmettez un fichier reçu.',
      },
      {
        en: 'What the code returned is nested too deeply and cannot be kept.',
        fr: 'Ce que le code renvoie est imbriqué trop profondément et ne peut pas être gardé.',
      },
    ],
  },
  code_runner: {
    fr: 'Le code ne peut pas être exécuté : l’exécuteur de code est absent. Prévenez qui gère ce serveur.',
  },
  code_syntax: { fr: 'Ce code n’est pas du JavaScript valide : {said}' },
  code_thrown: { fr: 'Le code a levé une erreur : {said}' },
  condition: { fr: 'Cette comparaison n’existe pas pour ce type de valeur. Choisissez-en une autre.' },
  condition_pattern: { fr: 'Ce motif ne peut pas être lu.' },
  condition_type: {
    fr: 'La valeur comparée n’est pas du type choisi : {said}',
    forms: [
      {
        en: 'Wrong type: expects a {type} but we got {value}.',
        fr: 'La valeur comparée n’est pas du type choisi (attendu : {type} ; reçu : {value}).',
      },
      {
        en: "Choose an operation of the value's type, or “Convert types where required”.",
        fr: 'Choisissez une comparaison du type de la valeur, ou la conversion des types si nécessaire.',
      },
    ],
  },
  conversion: {
    fr: 'Une valeur ne peut pas être convertie : {said}',
    forms: [
      {
        en: "'{field}' expects a {type} but we got {value} [item {index}]",
        fr: 'Le champ « {field} » attend le type {type} et a reçu {value} (élément {index}).',
      },
      {
        en: 'Change the type of the field “{name}”, or choose “Keep what cannot be converted”.',
        fr: 'Changez le type du champ « {name} », ou choisissez de garder ce qui ne peut pas être converti.',
      },
    ],
  },
  cpu_limit: {
    fr: 'Le code a demandé trop de temps de calcul. Allégez-le.',
    forms: [
      {
        en: 'The code used more than {limit} of processor time.',
        fr: 'Le code a demandé plus de {limit} de temps de calcul. Allégez-le.',
      },
    ],
  },
  crash_loop: {
    fr: 'Le serveur s’est arrêté plusieurs fois de suite pendant cette même étape. Travaille-t-elle sur trop de données à la fois ?',
  },
  reused_gone: {
    fr: 'L’exécution dont les éléments devaient être repris n’est plus là. Exécutez le workflow depuis son déclencheur.',
  },
  waited_too_long: {
    fr: 'L’exécution a attendu plus longtemps que ses réglages ne le permettent.',
  },
  node_timeout: {
    fr: 'Le nœud a travaillé plus longtemps que ses réglages ne le permettent.',
    forms: [
      {
        en: 'The node was at work for longer than the {seconds} s that its settings allow.',
        fr: 'Le nœud a travaillé plus longtemps que les {seconds} s que ses réglages permettent.',
      },
    ],
  },
  definition_gone: {
    fr: 'La version du workflow avec laquelle cette exécution avait commencé n’existe plus.',
  },
  egress_refused: {
    fr: 'Ce serveur ne permet pas d’appeler cette adresse : {said}',
    forms: [
      {
        en: 'The request to {host} is not permitted: only http and https are.',
        fr: 'L’appel de {host} n’est pas permis : seuls http et https le sont.',
      },
      {
        en: 'The request to {host} is not permitted: it leads to {network}.',
        fr: 'L’appel de {host} n’est pas permis : l’adresse mène à un réseau qui n’est pas ouvert aux workflows.',
      },
    ],
  },
  failed: { fr: 'Cette étape a échoué : {said}' },
  feed_invalid: {
    fr: 'Le flux ne peut pas être lu : {said}',
    forms: [
      {
        en: 'This is no feed: neither RSS nor Atom nor JSON Feed.',
        fr: 'Ce n’est pas un flux : ni RSS, ni Atom, ni JSON Feed.',
      },
    ],
  },
  http: { fr: 'Cette installation ne fait pas d’appels HTTP.' },
  http_connection: {
    fr: 'La connexion au serveur appelé a échoué.',
    forms: [
      { en: 'The connection to {host} failed.', fr: 'La connexion à {host} a échoué.' },
      {
        en: 'It may have arrived nevertheless, so that it is not repeated.',
        fr: 'L’appel est peut-être arrivé malgré tout : il n’est donc pas répété.',
      },
    ],
  },
  http_invalid: {
    fr: 'Cet appel ne peut pas être envoyé : {said}',
    forms: [
      { en: 'The request cannot be sent: {reason}.', fr: 'Cet appel ne peut pas être envoyé ({reason}).' },
    ],
  },
  http_pages: {
    fr: 'Les pages de cette réponse ne finissent pas : {said}',
    forms: [
      {
        en: '{count} pages one after the other were the same.',
        fr: '{count} pages de suite étaient identiques.',
      },
      { en: 'There are more than {count} pages.', fr: 'Il y a plus de {count} pages.' },
    ],
  },
  http_redirects: { fr: 'Le serveur appelé renvoie sans fin d’une adresse à l’autre. Vérifiez l’adresse.' },
  http_status: {
    fr: 'Le serveur appelé a répondu par une erreur : {said}',
    forms: [
      { en: 'The server answered {status}.', fr: 'Le serveur appelé a répondu {status}.' },
      {
        en: 'The storage server answered {status}.',
        fr: 'Le serveur de stockage a répondu {status}.',
      },
    ],
  },
  http_timeout: {
    fr: 'Le serveur appelé n’a pas répondu à temps.',
    forms: [
      {
        en: '{host} did not answer within {seconds} s.',
        fr: '{host} n’a pas répondu en {seconds} s.',
      },
      {
        en: 'It may have arrived nevertheless, so that it is not repeated.',
        fr: 'L’appel est peut-être arrivé malgré tout : il n’est donc pas répété.',
      },
    ],
  },
  http_too_large: {
    fr: 'L’appel ou sa réponse est trop gros.',
    forms: [
      {
        en: 'The answer is larger than {limit} bytes.',
        fr: 'La réponse dépasse {limit} octets.',
      },
      {
        en: 'The request is larger than {limit} bytes.',
        fr: 'L’appel dépasse {limit} octets.',
      },
    ],
  },
  http_unknown_host: {
    fr: 'Le serveur appelé est introuvable. Vérifiez l’adresse.',
    forms: [
      {
        en: 'The host {host} could not be found.',
        fr: 'Le serveur {host} est introuvable. Vérifiez l’adresse.',
      },
    ],
  },
  http_json: {
    fr: 'La réponse n’est pas du JSON valide.',
    forms: [
      { en: 'The answer is not valid JSON.', fr: 'La réponse n’est pas du JSON valide.' },
      {
        en: 'Look at what the address answers, or take the answer as text in the options.',
        fr: 'Regardez ce que répond l’adresse, ou prenez la réponse comme texte dans les options.',
      },
    ],
  },
  http_unread: {
    fr: 'Ce qui devait être envoyé n’a pas pu être lu.',
    forms: [
      {
        en: 'What was to be sent could not be read.',
        fr: 'Ce qui devait être envoyé n’a pas pu être lu.',
      },
    ],
  },
  items_let_go: {
    fr: 'Des éléments n’ont pas pu être enregistrés une seconde fois : c’est une faute du serveur.',
  },
  items_not_loaded: {
    fr: 'Des éléments qu’il faut à une étape n’ont pas été relus avant elle : c’est une faute du serveur.',
  },
  items_unreadable: { fr: 'Des éléments d’une étape antérieure n’ont pas pu être lus. Réessayez plus tard.' },
  json: {
    fr: 'Le JSON de ce nœud n’est pas valide.',
    forms: [
      {
        en: 'This is no JSON object of names and values.',
        fr: 'Ce n’est pas un objet JSON de noms et de valeurs.',
      },
      { en: 'The body is not valid JSON.', fr: 'Le corps n’est pas du JSON valide.' },
      {
        en: 'The JSON of this node must be an object, but it is {value}.',
        fr: 'Le JSON de ce nœud doit être un objet.',
      },
      { en: 'This is not valid JSON: {reason}.', fr: 'Ce n’est pas du JSON valide ({reason}).' },
    ],
  },
  memory_limit: {
    fr: 'Il a fallu plus de mémoire que permis. Traitez les éléments par lots plus petits.',
    forms: [
      {
        en: 'The lists that the node looks at as a whole have {size} MiB together; {most} MiB can be in memory at once.',
        fr: 'Les listes que ce nœud regarde en entier font {size} Mio ensemble ; {most} Mio peuvent être en mémoire à la fois.',
      },
      {
        en: 'Look at single items of them, or at one of the lists in a node before this one.',
        fr: 'Regardez-en des éléments un à un, ou l’une des listes dans un nœud placé avant celui-ci.',
      },
    ],
  },
  outcome_unknown: {
    fr: 'Ce nœud travaillait quand son serveur s’est arrêté : nul ne sait s’il a fait ce qu’il devait.',
    forms: [
      {
        en: '“{name}” was at work when its server stopped, and nobody knows whether it did what it should.',
        fr: '« {name} » travaillait quand son serveur s’est arrêté : nul ne sait s’il a fait ce qu’il devait.',
      },
      {
        en: 'Look in the other system whether it happened. Then retry the execution, or leave it.',
        fr: 'Regardez dans l’autre système si c’est fait. Puis reprenez l’exécution, ou laissez-la.',
      },
    ],
  },
  sql: { fr: 'La requête a échoué : {said}' },
  sql_syntax: { fr: 'Cette requête ne peut pas être exécutée : {said}' },
  output_limit: { fr: 'Le code a renvoyé plus de données que permis.' },
  parameter: {
    fr: 'Un paramètre a une valeur qui ne convient pas : {said}',
    forms: [
      {
        en: '“{name}” must be a number, but it is {value}.',
        fr: '« {name} » doit être un nombre, et vaut {value}.',
      },
      {
        en: '“Collection” must be the name of a collection, which has no $ in it.',
        fr: '« Collection » doit être le nom d’une collection, qui n’a pas de $.',
      },
      {
        en: 'The item has no value for “{key}”, by which the document is found.',
        fr: 'L’élément n’a pas de valeur pour « {key} », qui sert à trouver le document.',
      },
      {
        en: 'There is no field to write beside “{key}”.',
        fr: 'Il n’y a pas de champ à écrire en dehors de « {key} ».',
      },
      {
        en: 'There is no value of the number {place}.',
        fr: 'Il n’y a pas de valeur numéro {place}.',
      },
      {
        en: 'The value of the number {place} has an operator of MongoDB in it.',
        fr: 'La valeur numéro {place} contient un opérateur de MongoDB.',
      },
      {
        en: 'The field “{name}” has no moment that can be read. Write it as 2026-01-31T10:00:00Z.',
        fr: 'Le champ « {name} » n’a pas de moment lisible. Écrivez-le comme 2026-01-31T10:00:00Z.',
      },
      { en: 'MongoDB does not take this: {wrong}.', fr: 'MongoDB n’accepte pas cela ({wrong}).' },
      {
        en: 'A random text has up to {most} characters, but not {asked}.',
        fr: 'Un texte aléatoire a jusqu’à {most} caractères, et non {asked}.',
      },
      {
        en: '“{bucket}” cannot be the name of a bucket: it has letters, digits, hyphens, dots and underscores.',
        fr: '« {bucket} » ne peut pas nommer un compartiment : il a des lettres, des chiffres, des traits d’union, des points et des tirets bas.',
      },
      {
        en: '“{key}” cannot be the key of a file: it must not be empty, nor have “.” or “..” between slashes.',
        fr: '« {key} » ne peut pas être la clé d’un fichier : elle ne doit pas être vide, ni avoir « . » ou « .. » entre des barres obliques.',
      },
      {
        en: 'The folder is empty: it would be the whole bucket.',
        fr: 'Le dossier est vide : ce serait tout le compartiment.',
      },
      {
        en: 'A folder cannot be downloaded. List its files, and download each.',
        fr: 'Un dossier ne peut pas être téléchargé. Listez ses fichiers et téléchargez chacun.',
      },
      {
        en: '“{path}” must be a bucket and a key: /bucket/folder/file.pdf',
        fr: '« {path} » doit être un compartiment et une clé : /compartiment/dossier/fichier.pdf',
      },
      { en: 'The command is empty.', fr: 'La commande est vide.' },
      {
        en: 'The file has no name. Give it one in the options.',
        fr: 'Le fichier n’a pas de nom. Donnez-lui-en un dans les options.',
      },
      {
        en: 'A path is not empty and has no line ends.',
        fr: 'Un chemin n’est pas vide et n’a pas de fins de ligne.',
      },
      {
        en: 'Everything of a server is not deleted at once. Name a folder.',
        fr: 'On ne supprime pas tout un serveur d’un coup. Nommez un dossier.',
      },
      { en: '“{url}” is not a URL.', fr: '« {url} » n’est pas une adresse web.' },
      { en: '{code} is not an HTTP status.', fr: '{code} n’est pas un statut HTTP.' },
      {
        en: 'A wait lasts between no time and ten years.',
        fr: 'Une attente dure de zéro seconde à dix ans.',
      },
      ...publishProblems.parameter_invalid.forms,
      {
        en: 'RabbitMQ takes no name of more than 255 bytes: “{beginning}…”.',
        fr: 'RabbitMQ n’accepte pas de nom de plus de 255 octets : « {beginning}… ».',
      },
      {
        en: 'The name of the queue or the exchange is empty.',
        fr: 'Le nom de la file ou de l’échange est vide.',
      },
      {
        en: '“{beginning}” is no name of a topic of Kafka, which has 1 to {limit} letters without accents, digits, dots, hyphens and underscores.',
        fr: '« {beginning} » n’est pas un nom de sujet de Kafka : il a de 1 à {limit} lettres sans accent, chiffres, points, traits d’union et traits bas.',
      },
      {
        en: 'The headers must be a JSON object of names and values.',
        fr: 'Les en-têtes doivent être un objet JSON de noms et de valeurs.',
      },
      { en: 'A message needs a subject.', fr: 'Un message a besoin d’un sujet.' },
      {
        en: 'A subject to publish to must not contain * or > as a word: those stand for many subjects, and a message has one.',
        fr: 'Le sujet d’un message ne doit avoir ni * ni > comme mot : ils désignent plusieurs sujets, et un message en a un.',
      },
      {
        en: 'A subject consists of words with dots between them, without spaces.',
        fr: 'Un sujet est fait de mots séparés par des points, sans espaces.',
      },
      {
        en: 'The name of a header consists of letters, digits and hyphens.',
        fr: 'Le nom d’un en-tête est fait de lettres, de chiffres et de traits d’union.',
      },
      {
        en: 'The value of a header must not contain line breaks.',
        fr: 'La valeur d’un en-tête ne doit pas contenir de retours à la ligne.',
      },
      {
        en: 'An answer is waited for between 0.1 and {limit} seconds.',
        fr: 'Une réponse s’attend entre 0,1 et {limit} secondes.',
      },
      { en: 'A message needs a topic.', fr: 'Un message a besoin d’un sujet.' },
      {
        en: 'A topic to publish to must not contain + or #: those stand for many topics, and a message has one.',
        fr: 'Le sujet d’un message ne doit contenir ni + ni # : ils désignent plusieurs sujets, et un message en a un.',
      },
    ],
  },
  // The first problem of the node, as publishing would name it.
  parameters: {
    fr: 'Les paramètres de ce nœud ne conviennent pas : {said}',
    forms: [
      ...expressionErrors.expression.forms,
      ...publishProblems.parameter_required.forms,
      ...publishProblems.parameter_invalid.forms,
    ],
  },
  step_limit: {
    fr: 'L’exécution a pris trop d’étapes. Une boucle tourne-t-elle sans fin ?',
    forms: [
      {
        en: 'The execution took more than {limit} steps. Does a loop never end?',
        fr: 'L’exécution a pris plus de {limit} étapes. Une boucle tourne-t-elle sans fin ?',
      },
    ],
  },
  // The author of the workflow wrote it.
  stopped: { fr: '{said}' },
  sub_workflow: {
    fr: 'Le sous-workflow ne peut pas être exécuté : {said}',
    forms: [
      {
        en: 'The workflow to execute does not exist. Choose another one.',
        fr: 'Le workflow à exécuter n’existe pas. Choisissez-en un autre.',
      },
      {
        en: 'The workflow to execute was never published. Publish it first.',
        fr: 'Le workflow à exécuter n’a jamais été publié. Publiez-le d’abord.',
      },
      {
        en: '“{name}” cannot be executed by another workflow.',
        fr: '« {name} » ne peut pas être exécuté par un autre workflow.',
      },
      {
        en: 'Add an Execute sub-workflow trigger to it.',
        fr: 'Ajoutez-lui un Déclencheur de sous-workflow.',
      },
      {
        en: '“{name}” may not be executed by this workflow.',
        fr: '« {name} » ne peut pas être exécuté par ce workflow-ci.',
      },
      {
        en: 'Its settings say which workflows may execute it.',
        fr: 'Ses réglages disent quels workflows peuvent l’exécuter.',
      },
      {
        en: 'More than {limit} workflows would execute each other. Does one of them execute itself?',
        fr: 'Plus de {limit} workflows s’exécuteraient l’un l’autre. L’un d’eux s’exécute-t-il lui-même ?',
      },
    ],
  },
  sub_workflow_cancelled: {
    fr: 'L’exécution du sous-workflow a été annulée.',
    forms: [
      {
        en: 'The execution of “{name}” was cancelled.',
        fr: 'L’exécution de « {name} » a été annulée.',
      },
    ],
  },
  sub_workflow_failed: {
    fr: 'Le sous-workflow a échoué : {said}',
    forms: [
      {
        en: '“{name}” failed at “{node}”: {reason}',
        fr: '« {name} » a échoué dans « {node} » : {reason}',
      },
    ],
  },
  sub_workflow_input: {
    fr: 'Le sous-workflow n’accepte pas ces données : {said}',
    forms: [
      {
        en: 'The types stand in its Execute sub-workflow trigger.',
        fr: 'Les types sont dans son Déclencheur de sous-workflow.',
      },
    ],
  },
  time_limit: {
    fr: 'Le code a pris trop de temps.',
    forms: [{ en: 'The code ran longer than {limit}.', fr: 'Le code a tourné plus de {limit}.' }],
  },
  timeout: { fr: 'L’exécution a duré plus longtemps que ses réglages ne le permettent.' },
} satisfies Meanings

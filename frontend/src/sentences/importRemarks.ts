import type { Form } from './say'

/** What an import remarks of a node that it brought over: what has no counterpart here, what is left to do. */
export const remarks: readonly Form[] = [
  {
    en: 'A condition asks for “{operation}” of a value of type “{type}”, which n8n does not know: it never holds.',
    fr: 'Une condition demande « {operation} » à une valeur de type « {type} », ce que n8n ne connaît pas : elle n’est jamais vraie.',
  },
  {
    en: 'The secret of Crypto was left out: the history of workflows and variables is kept for ever, with all that was written in them.',
    fr: 'Le secret de Crypto n’a pas été repris : l’historique des workflows et des variables est gardé pour toujours, avec tout ce qui y a été écrit.',
  },
  {
    en: 'The private key of Crypto was left out: the history of a workflow is kept for ever, with all that was written in it.',
    fr: 'La clé privée de Crypto n’a pas été reprise : l’historique d’un workflow est gardé pour toujours, avec tout ce qui y a été écrit.',
  },
  {
    en: 'It works with a credential. Make one of type “{label}” and choose it in this node.',
    fr: 'Il travaille avec un identifiant. Créez-en un de type « {label} » et choisissez-le dans ce nœud.',
  },
  {
    en: 'The template of HTML was the example that n8n shows; write one of your own.',
    fr: 'Le modèle de HTML était l’exemple que n8n affiche ; écrivez le vôtre.',
  },
  {
    en: 'The option “{option}” of Markdown does nothing here.',
    fr: 'L’option « {option} » de Markdown n’a pas d’effet ici.',
  },
  {
    en: 'The expression in “Fields to Match” gives one name: names with commas between them are not split.',
    fr: 'L’expression de « Fields to Match » donne un seul nom : des noms séparés par des virgules ne sont pas divisés.',
  },
  {
    en: 'The query is executed by SQLite. What only AlaSQL knows (arrays in FROM, its own functions) is to be rewritten.',
    fr: 'La requête est exécutée par SQLite. Ce que seul AlaSQL connaît (tableaux dans FROM, fonctions propres) est à réécrire.',
  },
  {
    en: 'It signs in. Make a credential of type “JWT” and choose it in this node.',
    fr: 'Il s’authentifie. Créez un identifiant de type « JWT » et choisissez-le dans ce nœud.',
  },
  {
    en: 'It signs in. Make a credential of type “TOTP” and choose it in this node.',
    fr: 'Il s’authentifie. Créez un identifiant de type « TOTP » et choisissez-le dans ce nœud.',
  },
  {
    en: 'The mailbox is looked at every minute, and emails that were there before the workflow was activated begin nothing.',
    fr: 'La boîte est regardée chaque minute, et les courriels qui étaient là avant l’activation du workflow ne démarrent rien.',
  },
  {
    en: 'Each email begins one execution at most: one that meets the search criteria only later begins none.',
    fr: 'Chaque courriel démarre une exécution au plus : celui qui ne répond que plus tard aux critères de recherche n’en démarre aucune.',
  },
  {
    en: 'There it asked once, with the first item; here it asks with each of them.',
    fr: 'Là-bas, il interrogeait une seule fois, avec le premier élément ; ici, il interroge avec chacun.',
  },
  {
    en: 'JWT cannot sign with ES512 yet. Choose another algorithm.',
    fr: 'JWT ne sait pas encore signer avec ES512. Choisissez un autre algorithme.',
  },
  {
    en: 'This way of a GraphQL node to sign in cannot be imported yet. Set it up again here.',
    fr: 'Cette façon de s’authentifier d’un nœud GraphQL ne peut pas encore être importée. Réglez-la de nouveau ici.',
  },
  {
    en: 'The option “{option}” of this S3 node is not there yet.',
    fr: 'L’option « {option} » de ce nœud S3 n’existe pas encore.',
  },
  {
    en: 'Edit Fields does not repeat its items here. Make the copies with a Code node.',
    fr: 'Edit Fields ne répète pas ses éléments ici. Faites les copies dans un nœud Code.',
  },
  {
    en: 'An output was named by the expression “{expression}”. It has its number for a name now.',
    fr: 'Une sortie avait pour nom l’expression « {expression} ». Elle porte maintenant son numéro.',
  },
  {
    en: 'What this node has seen in n8n does not come along: here it begins with nothing seen.',
    fr: 'Ce que ce nœud a vu dans n8n ne suit pas : ici, il commence sans avoir rien vu.',
  },
  {
    en: 'The history of this node is a number from 1 to {most}. It is {size} now.',
    fr: 'L’historique de ce nœud est un nombre de 1 à {most}. Il vaut maintenant {size}.',
  },
  {
    en: 'What this code kept in n8n as static data does not come along: here it begins with none.',
    fr: 'Ce que ce code gardait dans n8n comme données statiques ne suit pas : ici, il commence sans rien.',
  },
  {
    en: 'The page says at once that it was filled in; it does not wait for the workflow.',
    fr: 'La page dit aussitôt qu’elle a été remplie ; elle n’attend pas la fin du workflow.',
  },
  {
    en: 'The end of a form hands out no file yet: it says its text alone.',
    fr: 'La fin d’un formulaire ne remet pas encore de fichier : elle ne dit que son texte.',
  },
  {
    en: 'A form cannot be answered by a node yet: it says when the workflow has ended.',
    fr: 'Un nœud ne peut pas encore répondre à un formulaire : il dit quand le workflow est terminé.',
  },
  {
    en: 'Forms look as the brand says; the style of this one is left out.',
    fr: 'Les formulaires ont l’aspect que dit la marque ; le style de celui-ci est omis.',
  },
  {
    en: 'The headers of whoever fills in a form are not given to the workflow.',
    fr: 'Les en-têtes de qui remplit un formulaire ne sont pas donnés au workflow.',
  },
  {
    en: 'The sub-workflow is chosen by an expression: it must give the id of a workflow here.',
    fr: 'Le sous-workflow est choisi par une expression : elle doit donner l’identifiant d’un workflow d’ici.',
  },
  {
    en: 'Choose the sub-workflow again: {workflow} has another id here.',
    fr: 'Choisissez de nouveau le sous-workflow : {workflow} a un autre identifiant ici.',
  },
  {
    en: 'Spreadsheets of the format “{format}” are not made here: this node makes XLSX.',
    fr: 'Les tableurs au format « {format} » ne sont pas produits ici : ce nœud produit du XLSX.',
  },
  {
    en: 'The option “{option}” is not there yet: CSV is always read as far as it can be read.',
    fr: 'L’option « {option} » n’existe pas encore : un CSV est toujours lu aussi loin qu’il peut l’être.',
  },
  {
    en: 'RSS read checks certificates here, whatever the node said.',
    fr: '« Lire un flux RSS » vérifie les certificats ici, quoi que le nœud ait dit.',
  },
  {
    en: 'The password of the PDF was left out: give it with the item, and name it in this node.',
    fr: 'Le mot de passe du PDF n’a pas été repris : donnez-le avec l’élément, et nommez-le dans ce nœud.',
  },
  {
    en: 'The option “{option}” of this HTTP request is not there yet.',
    fr: 'L’option « {option} » de cette requête HTTP n’existe pas encore ici.',
  },
  {
    en: 'The files of the server’s disk were left out: emails take files of items alone.',
    fr: 'Les fichiers du disque du serveur n’ont pas été repris : un courriel ne joint que des fichiers d’éléments.',
  },
  {
    en: 'Whether any certificate is accepted is said in the credential here.',
    fr: 'Ici, c’est l’identifiant qui dit si tout certificat est accepté.',
  },
  {
    en: 'The option “{option}” of this node has no counterpart here.',
    fr: 'L’option « {option} » de ce nœud n’a pas d’équivalent ici.',
  },
  {
    en: 'The types behind the names of columns were left out: the table itself knows them.',
    fr: 'Les types écrits derrière les noms de colonnes n’ont pas été repris : la table les connaît elle-même.',
  },
  {
    en: 'It signs in. Make a credential of type “{type}” and choose it in this node.',
    fr: 'Il s’authentifie. Créez un identifiant de type « {type} » et choisissez-le dans ce nœud.',
  },
  {
    en: 'It signs in with n8n’s “{type}”. Make a credential that sends the same (a header, a bearer token, …) and choose it in this node.',
    fr: 'Il s’authentifie avec « {type} » de n8n. Créez un identifiant qui envoie la même chose (un en-tête, un jeton Bearer, …) et choisissez-le dans ce nœud.',
  },
  {
    en: 'It signs in with OAuth 2.0. Where the other side gives tokens to programs (client credentials), make such a credential and choose it in this node.',
    fr: 'Il s’authentifie par OAuth 2.0. Si l’autre côté donne des jetons aux programmes (identifiants client), créez un tel identifiant et choisissez-le dans ce nœud.',
  },
  {
    en: 'Claims in the header of a token are not there yet; they were left out.',
    fr: 'Les déclarations dans l’en-tête d’un jeton n’existent pas encore ici ; elles ont été laissées de côté.',
  },
  {
    en: 'It took every certificate; here, certificates are always checked.',
    fr: 'Il acceptait tout certificat ; ici, les certificats sont toujours vérifiés.',
  },
  {
    en: 'The value of the response header “{name}” is an expression, and headers are the same for every call here: it is left out. Answer with a Respond to webhook node.',
    fr: 'La valeur de l’en-tête de réponse « {name} » est une expression, et les en-têtes sont les mêmes pour chaque appel ici : elle est omise. Répondez avec un nœud « Répondre au webhook ».',
  },
  {
    en: 'Its callers sign in. Make a credential of type “{type}” and choose it in this node.',
    fr: 'Ses appelants s’authentifient. Créez un identifiant de type « {type} » et choisissez-le dans ce nœud.',
  },
  {
    en: 'Its callers signed in with n8n’s “{type}”. Choose a credential that they prove themselves with instead.',
    fr: 'Ses appelants s’authentifiaient avec « {type} » de n8n. Choisissez à la place un identifiant qui les authentifie.',
  },
  {
    en: 'Nodes do not answer a conversation one by one yet: the answer is what the last node gives.',
    fr: 'Les nœuds ne répondent pas encore un à un à une conversation : la réponse est ce que donne le dernier nœud.',
  },
  {
    en: 'A text of the page of this conversation is an expression: nothing is known yet when the page is opened. It is left out.',
    fr: 'Un texte de la page de cette conversation est une expression : rien n’est encore connu quand on ouvre la page. Il est omis.',
  },
  {
    en: 'The page of this conversation has no screen before it: one writes at once.',
    fr: 'La page de cette conversation n’est précédée d’aucun écran : on y écrit aussitôt.',
  },
  {
    en: 'The page of this conversation looks as the brand says; its style is left out.',
    fr: 'La page de cette conversation a l’aspect que dit la marque ; son style est omis.',
  },
  {
    en: 'A conversation takes no files yet: they are not given to the workflow.',
    fr: 'Une conversation ne prend pas encore de fichiers : ils ne sont pas donnés au workflow.',
  },
  {
    en: 'Earlier messages of a conversation are not loaded yet: it begins anew.',
    fr: 'Les messages précédents d’une conversation ne sont pas encore rechargés : elle repart de zéro.',
  },
  {
    en: 'Streaming answers are not there yet: the answer is sent when the last node has finished.',
    fr: 'Les réponses en flux n’existent pas encore : la réponse part quand le dernier nœud a fini.',
  },
]

/** Why a node of a file became a placeholder. */
export const refusals: readonly Form[] = [
  {
    en: 'Edit image does not do “{what}” yet, or not in this way. Use another service for it.',
    fr: '« Modifier une image » ne fait pas encore « {what} », ou pas ainsi. Utilisez un autre service pour cela.',
  },
  {
    en: 'Files of the format “{format}” cannot be made yet. Take XLSX or CSV.',
    fr: 'Les fichiers au format « {format} » ne peuvent pas encore être faits. Prenez le XLSX ou le CSV.',
  },
  {
    en: 'Files of the format “{format}” cannot be read yet. Convert them to CSV before.',
    fr: 'Les fichiers au format « {format} » ne peuvent pas encore être lus. Convertissez-les en CSV avant.',
  },
  {
    en: 'Archives of the format “{format}” cannot be made yet. Take zip.',
    fr: 'Les archives au format « {format} » ne peuvent pas encore être faites. Prenez le zip.',
  },
  {
    en: 'The condition “{condition}” of this n8n node is not known.',
    fr: 'La condition « {condition} » de ce nœud n8n n’est pas connue.',
  },
  {
    en: 'The conditions of this n8n node are no object. Write them anew.',
    fr: 'Les conditions de ce nœud n8n ne sont pas un objet. Réécrivez-les.',
  },
  {
    en: 'Crypto does not know the action “{action}”.',
    fr: 'Crypto ne connaît pas l’action « {action} ».',
  },
  {
    en: 'Crypto cannot sign with “{algorithm}”. Choose another algorithm.',
    fr: 'Crypto ne sait pas signer avec « {algorithm} ». Choisissez un autre algorithme.',
  },
  {
    en: 'Date & Time has no action “{action}” here. Format or calculate.',
    fr: 'Date & Time n’a pas d’action « {action} » ici. Formatez ou calculez.',
  },
  {
    en: 'A node cannot use up the memory of the server here. Delete it.',
    fr: 'Ici, un nœud ne peut pas épuiser la mémoire du serveur. Supprimez-le.',
  },
  {
    en: "HTML is read from fields, not from files yet. Extract the file's text first.",
    fr: 'Le HTML est lu dans des champs, pas encore dans des fichiers. Extrayez d’abord le texte du fichier.',
  },
  {
    en: 'Merge has no “{what}” here. Append, combine or choose a branch, or join the items in a Code node.',
    fr: 'Merge n’a pas de « {what} » ici. Ajoutez, combinez, choisissez une branche, ou joignez les éléments dans un nœud Code.',
  },
  {
    en: 'Sort cannot compare items with code. Sort them in a Code node.',
    fr: 'Sort ne peut pas comparer des éléments avec du code. Triez-les dans un nœud Code.',
  },
  {
    en: 'This n8n Switch has {count} rules, more than {max}.',
    fr: 'Ce Switch de n8n a {count} règles, plus que {max}.',
  },
  {
    en: 'A switch has 1 to {max} outputs here, a number that is the same for every item.',
    fr: 'Ici, un Switch a de 1 à {max} sorties, le même nombre pour chaque élément.',
  },
  {
    en: 'The type of the values of this n8n Switch is not known.',
    fr: 'Le type des valeurs de ce Switch de n8n n’est pas connu.',
  },
  {
    en: 'The fallback output is the same for every item here: choose one.',
    fr: 'Ici, la sortie par défaut est la même pour chaque élément : choisissez-en une.',
  },
  {
    en: '“{field}” is an expression, but it must be the same for every item. Choose a value.',
    fr: '« {field} » est une expression, mais doit être identique pour chaque élément. Choisissez une valeur.',
  },
  {
    en: 'Code in “{language}” cannot be executed yet; only JavaScript can.',
    fr: 'Le code en « {language} » ne peut pas encore être exécuté ; seul JavaScript peut l’être.',
  },
  {
    en: 'The AI Transform node holds no code: nobody had it generated. Generate it in n8n and import again.',
    fr: 'Le nœud AI Transform ne contient pas de code : personne ne l’a fait générer. Générez-le dans n8n et importez de nouveau.',
  },
  {
    en: 'A sub-workflow from “{source}” is not executed here. Import it as a workflow of its own and execute that.',
    fr: 'Un sous-workflow de « {source} » n’est pas exécuté ici. Importez-le comme un workflow à part et exécutez celui-là.',
  },
  {
    en: 'RabbitMQ with “deleteMessage” cannot be imported: it confirms a message that n8n’s trigger holds open, and there is no such trigger here.',
    fr: 'RabbitMQ avec « deleteMessage » ne peut pas être importé : il confirme un message que garde le déclencheur de n8n, et ce déclencheur n’existe pas ici.',
  },
  {
    en: 'Kafka with a schema registry cannot be imported: messages are sent as they are here.',
    fr: 'Kafka avec un registre de schémas ne peut pas être importé : ici, les messages sont envoyés tels quels.',
  },
  {
    en: 'AWS S3 with an assumed role cannot be imported yet. Set it up again here, with an access key.',
    fr: 'AWS S3 avec un rôle endossé ne peut pas encore être importé. Configurez-le de nouveau ici, avec une clé d’accès.',
  },
  {
    en: 'Send e-mail with “{operation}” cannot be imported yet. Set it up again here.',
    fr: '« Envoyer un courriel » avec « {operation} » ne peut pas encore être importé. Configurez-le de nouveau ici.',
  },
  {
    en: 'An HTTP request with “{what}” cannot be imported yet. Set it up again here.',
    fr: 'Une requête HTTP avec « {what} » ne peut pas encore être importée. Configurez-la de nouveau ici.',
  },
  {
    en: 'There is no schedule “{what}”.',
    fr: 'Il n’y a pas de planification « {what} ».',
  },
  {
    en: 'Waiting for “{what}” is not there yet; waiting for some time, a moment, a call or a page is.',
    fr: 'Attendre « {what} » n’existe pas encore ; attendre une durée, un moment, un appel ou une page, si.',
  },
  {
    en: 'The end of the address cannot be an expression: it has to be known before the execution.',
    fr: 'La fin de l’adresse ne peut pas être une expression : elle doit être connue avant l’exécution.',
  },
]

const kept = { en: 'A placeholder keeps its parameters.', fr: 'Un nœud provisoire garde ses paramètres.' }

/** The refusals as the report has them: with the parameter that is not supported, and with what became of the node. */
export const placeholders: readonly Form[] = refusals.flatMap(({ en, fr }) => [
  { en: `${en} (parameter “{parameter}”) ${kept.en}`, fr: `${fr} (paramètre « {parameter} ») ${kept.fr}` },
  { en: `${en} ${kept.en}`, fr: `${fr} ${kept.fr}` },
])

import type { Meanings } from './say'

/** What is wrong with an expression, before it is evaluated or while it is. */
export const expressionErrors = {
  expression: {
    fr: 'Cette expression ne peut pas être évaluée : {said}',
    forms: [
      { en: 'This is not JavaScript.', fr: 'Ce n’est pas du JavaScript.' },
      { en: 'The expression cannot be read.', fr: 'L’expression ne peut pas être lue.' },
      { en: 'Unexpected token.', fr: 'Quelque chose est de trop, ou manque, à cet endroit.' },
      { en: 'Unterminated string.', fr: 'Il manque un guillemet à la fin d’un texte.' },
      { en: 'Expected {wanted} but found {found}.', fr: 'Il faudrait {wanted} ici, au lieu de {found}.' },
      { en: 'This {{ is never closed.', fr: 'Ce {{ n’est jamais refermé.' },
      { en: 'Add }} where the expression ends.', fr: 'Ajoutez }} là où l’expression se termine.' },
      { en: 'A closing parenthesis seems to be missing.', fr: 'Il semble manquer une parenthèse fermante.' },
      { en: 'A closing square bracket seems to be missing.', fr: 'Il semble manquer un crochet fermant.' },
      { en: 'A closing brace seems to be missing.', fr: 'Il semble manquer une accolade fermante.' },
      {
        en: 'Write one JavaScript expression between {{ and }}; text belongs outside or into quotes.',
        fr: 'Écrivez une seule expression JavaScript entre {{ et }} ; le texte va dehors ou entre guillemets.',
      },
      { en: 'This parameter has more than {most} blocks.', fr: 'Ce paramètre a plus de {most} blocs.' },
      {
        en: 'This expression is too long: {size} bytes, {tokens} words and signs.',
        fr: 'Cette expression est trop longue : {size} octets, {tokens} mots et signes.',
      },
      {
        en: 'Use a Code node for work of this size.',
        fr: 'Pour un travail de cette taille, prenez un nœud Code.',
      },
      {
        en: 'This expression nests deeper than {most} levels.',
        fr: 'Cette expression a plus de {most} niveaux.',
      },
      {
        en: 'This path is longer than {most} properties.',
        fr: 'Ce chemin compte plus de {most} propriétés.',
      },
      { en: 'Expressions cannot use "{name}".', fr: 'Une expression ne peut pas se servir de « {name} ».' },
      {
        en: 'Expressions cannot import or export.',
        fr: 'Une expression ne peut ni importer ni exporter.',
      },
      {
        en: 'Expressions cannot use this part of JavaScript.',
        fr: 'Une expression ne peut pas se servir de cette partie de JavaScript.',
      },
      { en: 'Use a Code node.', fr: 'Prenez un nœud Code.' },
      {
        en: 'Statements need the code runner.',
        fr: 'Une expression n’a pas d’instructions : seul un nœud Code peut en exécuter.',
      },
      {
        en: 'Assignments need the code runner.',
        fr: 'Une expression n’affecte rien : seul un nœud Code peut le faire.',
      },
      {
        en: 'Write one expression, or use a Code node.',
        fr: 'Écrivez une seule expression, ou prenez un nœud Code.',
      },
      {
        en: '".{name}()" changes "{value}", which needs the code runner.',
        fr: '« .{name}() » modifie « {value} » : seul un nœud Code peut le faire.',
      },
      {
        en: 'Make a new value instead: {examples}.',
        fr: 'Faites plutôt une nouvelle valeur : {examples}.',
      },
      {
        en: 'Expressions cannot wait: they know neither "async" nor "await".',
        fr: 'Une expression ne peut pas attendre : elle ne connaît ni « async » ni « await ».',
      },
      {
        en: 'A key cannot be made by the code runner. {why}',
        fr: 'L’exécuteur de code ne peut pas faire une clé. {why}',
      },
      {
        en: 'The code runner executes this, in executions only: there is no preview of it.',
        fr: 'L’exécuteur de code s’en charge, lors des exécutions seulement : il n’y en a pas d’aperçu.',
      },
      { en: '{what} need the code runner.', fr: 'Seul un nœud Code peut exécuter cela.' },
      { en: '{what} needs the code runner.', fr: 'Seul un nœud Code peut exécuter cela.' },
      { en: '$() needs the name of a node.', fr: '$() demande le nom d’un nœud.' },
      { en: "Write $('Node name').", fr: "Écrivez $('Nom du nœud')." },
      { en: '$ alone has no value.', fr: '$ seul n’a pas de valeur.' },
      { en: "Name a node: $('Node name').", fr: "Nommez un nœud : $('Nom du nœud')." },
      {
        en: '$if() needs a condition and at least one value.',
        fr: '$if() demande une condition et au moins une valeur.',
      },
      {
        en: 'Write $if(condition, then, otherwise).',
        fr: 'Écrivez $if(condition, alors, sinon).',
      },
      {
        en: 'This regular expression cannot be used: {reason}',
        fr: 'Cette expression régulière ne peut pas servir ({reason})',
      },
      {
        en: 'This is a function: add (), so that it is called.',
        fr: 'C’est une fonction : ajoutez () pour l’appeler.',
      },
      {
        en: 'There is no function {name}() here.',
        fr: 'La fonction {name}() n’existe pas ici.',
      },
      {
        en: '{name}() cannot be used on {nothing}. Write {safe}() where the value may be missing.',
        fr: '{name}() ne s’applique pas à {nothing}. Écrivez {safe}() là où la valeur peut manquer.',
      },
      {
        en: '{name}() can be called on {types}, but this is {type}.',
        fr: '{name}() ne s’applique pas à cette valeur (attendu : {types} ; trouvé : {type}).',
      },
      { en: '"{text}" is not a date.', fr: '« {text} » n’est pas une date.' },
      { en: '"{text}" is not a number.', fr: '« {text} » n’est pas un nombre.' },
      { en: '"{name}" is not a unit of time.', fr: '« {name} » n’est pas une unité de temps.' },
      {
        en: '"{text}" is not a date that can be understood. Give its format: toDateTime(\'dd.MM.yyyy\').',
        fr: "« {text} » n’est pas une date reconnaissable. Donnez son format : toDateTime('dd.MM.yyyy').",
      },
      {
        en: 'There is no node named "{name}" in this workflow.',
        fr: 'Aucun nœud de ce workflow ne s’appelle « {name} ».',
      },
      {
        en: 'The node "{name}" has not been executed.',
        fr: 'Le nœud « {name} » n’a pas encore été exécuté.',
      },
    ],
  },
  expression_budget: {
    fr: 'Cette expression demande trop de travail. Allégez-la, ou prenez un nœud Code.',
    forms: [
      {
        en: 'The expression nests too deeply (a function that calls itself without end?).',
        fr: 'L’expression a trop de niveaux (une fonction qui s’appelle sans fin ?).',
      },
      {
        en: 'The expression makes a string that is too long.',
        fr: 'L’expression fabrique un texte trop long.',
      },
      {
        en: 'The expression makes a list or an object with too many elements.',
        fr: 'L’expression fabrique une liste ou un objet de trop d’éléments.',
      },
      {
        en: 'The expression makes too much data.',
        fr: 'L’expression fabrique trop de données.',
      },
      {
        en: 'A regular expression takes too many steps for this text. Leave out look-around and references to groups, or shorten the text.',
        fr: 'Une expression régulière demande trop de travail sur ce texte. Simplifiez-la, ou raccourcissez le texte.',
      },
    ],
  },
  expression_node: {
    fr: 'Les données d’un autre nœud ne peuvent pas être lues : {said}',
    forms: [
      {
        en: 'There is no node named "{name}" in this workflow.',
        fr: 'Aucun nœud de ce workflow ne s’appelle « {name} ».',
      },
      {
        en: 'The node "{name}" has not been executed.',
        fr: 'Le nœud « {name} » n’a pas été exécuté.',
      },
      {
        en: 'It is not known which item of "{node}" belongs to item {item}. Use .first(), .last() or .all() instead of .item.',
        fr: 'On ne sait pas quel élément de « {node} » va avec l’élément {item}. Prenez .first(), .last() ou .all() au lieu de .item.',
      },
      {
        en: 'Several items of "{node}" belong to item {item}. Use .first(), .last() or .all() instead of .item.',
        fr: 'Plusieurs éléments de « {node} » vont avec l’élément {item}. Prenez .first(), .last() ou .all() au lieu de .item.',
      },
      {
        en: 'The data of "{node}" could not be read: {reason}',
        fr: 'Les données de « {node} » n’ont pas pu être lues ({reason})',
      },
    ],
  },
} satisfies Meanings

// What the code of a step finds around it. Evaluates to a function that is called once in each fresh context, before any code of
// a tenant; it defines the globals and gives back the three entry points that the runner keeps.
//
// Nothing here guards anything: code that tampers with these objects harms its own step alone. The walls are the process, its
// sandbox and the parent that watches it.
(function (host) {
  'use strict';
  const { parse, stringify } = JSON;
  const clock = Date.now;
  let globals = {}, items = [], current = 0, failedAt = -1;

  const define = (name, get) => Object.defineProperty(globalThis, name, { get, configurable: true, enumerable: false,
    // An assignment replaces the value, as it would with a plain global.
    set(value) { Object.defineProperty(globalThis, name, { value, writable: true, configurable: true }); } });
  const constant = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  const lazily = (make) => { let made; return () => (made ??= make()); };

  delete globalThis.WebAssembly;
  // V8 refuses to make code from text by itself; what another engine leaves open is closed here, for the same behaviour.
  if (host.closeText) {
    const Refused = function Function() { throw new EvalError('Code generation from strings disallowed for this context'); };
    for (const made of [() => {}, async () => {}, function* () {}, async function* () {}]) {
      Object.defineProperty(Object.getPrototypeOf(made), 'constructor', { value: Refused, writable: true, configurable: true });
    }
    Refused.prototype = Function.prototype;
    globalThis.Function = Refused;
    for (const name of ['Temporal', 'ShadowRealm', 'gc']) delete globalThis[name];
    // What the engine keeps for itself among the globals.
    for (const name of Object.getOwnPropertyNames(globalThis)) if (name.startsWith('__v8x')) delete globalThis[name];
    globalThis.eval = () => { throw new EvalError('Code generation from strings disallowed for this context'); };
  }

  // --- time ---------------------------------------------------------------------------------------------------------------
  const dates = lazily(() => host.dateTime()(host.offset, () => globals, (expression, values) => evaluate(expression, current, values)));
  define('DateTime', () => dates().DateTime);
  define('Duration', () => dates().Duration);
  define('Interval', () => dates().Interval);
  define('$now', lazily(() => dates().DateTime.fromMillis(globals.now)));
  define('$today', lazily(() => dates().DateTime.fromMillis(globals.now).startOf('day')));

  // --- languages ----------------------------------------------------------------------------------------------------------
  // An engine that knows none asks the parent, which does. Only one that knows some can list what it supports.
  if (!globalThis.Intl?.supportedValuesOf) {
    const engines = globalThis.Intl;
    const languages = lazily(() => host.languages()(engines, (expression, values) => evaluate(expression, current, values)));
    define('Intl', () => languages().Intl);
    for (const [type, ...names] of [[Number, 'toLocaleString'], [BigInt, 'toLocaleString'], [String, 'localeCompare'],
      [Date, 'toLocaleString', 'toLocaleDateString', 'toLocaleTimeString']]) {
      for (const name of names) {
        const { [name]: value } = { [name](...given) { return languages()[type.name](name, this, ...given); } };
        Object.defineProperty(type.prototype, name, { value, writable: true, configurable: true });
      }
    }
  }

  // --- bytes --------------------------------------------------------------------------------------------------------------
  const bytes = lazily(() => host.bytes()());
  for (const name of ['Buffer', 'TextEncoder', 'TextDecoder']) define(name, () => bytes()[name]);
  if (!globalThis.btoa) {
    const refused = (text) => { throw new Error(`This text cannot be written or read as base64: ${text}`); };
    constant('btoa', (text) => (/[^\0-\xff]/.test(text) ? refused(text) : globalThis.Buffer.from(String(text), 'latin1').toString('base64')));
    constant('atob', (text) => (/[^A-Za-z0-9+/=\s]/.test(text) ? refused(text) : globalThis.Buffer.from(String(text), 'base64').toString('latin1')));
  }

  // --- modules ------------------------------------------------------------------------------------------------------------
  // What n8n's installations let code load most often. Bytes go to the host as strings of Latin-1.
  const unchanged = (value, encoding) => globalThis.Buffer.from(value, encoding).toString('latin1');
  const digester = (algorithm, key) => {
    let text = '';
    return {
      update(data, encoding) { text += unchanged(data, encoding); return this; },
      digest(encoding) {
        const made = host.digest(String(algorithm), text, key);
        if (made === undefined) throw new Error(`The algorithm "${algorithm}" is not known. Use md5, sha1, sha256, sha384 or sha512.`);
        return encoding === undefined ? globalThis.Buffer.from(made, 'hex') : globalThis.Buffer.from(made, 'hex').toString(encoding);
      },
    };
  };
  const randomBytes = (size) => globalThis.Buffer.from(host.random(size), 'hex');
  const modules = {
    crypto: lazily(() => ({
      createHash: (algorithm) => digester(algorithm), createHmac: (algorithm, key) => digester(algorithm, unchanged(key)), randomBytes,
      randomInt: (low, high) => (high === undefined ? Math.floor(randomBytes(6).readUInt32BE(1) / 4294967296 * low)
        : low + Math.floor(randomBytes(6).readUInt32BE(1) / 4294967296 * (high - low))),
      randomUUID() {
        const made = randomBytes(16);
        made[6] = (made[6] & 15) | 64;
        made[8] = (made[8] & 63) | 128;
        return made.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
      },
      timingSafeEqual: (a, b) => globalThis.Buffer.from(a).equals(b),
    })),
    buffer: () => ({ Buffer: globalThis.Buffer }),
    luxon: () => dates(),
  };
  constant('require', (name) => {
    const known = String(name).replace(/^node:/, '');
    if (!Object.hasOwn(modules, known)) throw new Error(`Code cannot load the module "${name}". There are crypto, buffer and luxon.`);
    return modules[known]();
  });

  // --- timers -------------------------------------------------------------------------------------------------------------
  const timers = new Map();
  let lastTimer = 0;
  const schedule = (callback, delay, again, args) => {
    if (typeof callback !== 'function') throw new TypeError('The first argument of a timer must be a function');
    const wait = Math.max(Number(delay) || 0, again ? 1 : 0);
    timers.set(++lastTimer, { callback, args, wait, again, due: clock() + wait });
    return lastTimer;
  };
  constant('setTimeout', (callback, delay, ...args) => schedule(callback, delay, false, args));
  constant('setInterval', (callback, delay, ...args) => schedule(callback, delay, true, args));
  constant('setImmediate', (callback, ...args) => schedule(callback, 0, false, args));
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) constant(name, (id) => { timers.delete(id); });

  // Runs the timer that is due; says how many milliseconds to wait before asking again, −1 when there is no timer.
  const pump = () => {
    let next, id;
    for (const [key, timer] of timers) if (!next || timer.due < next.due) [id, next] = [key, timer];
    if (!next) return -1;
    const wait = next.due - clock();
    if (wait > 0) return wait;
    if (next.again) next.due = clock() + next.wait; else timers.delete(id);
    next.callback(...next.args);
    return 0;
  };

  // --- console ------------------------------------------------------------------------------------------------------------
  const text = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.stack?.includes(value.message) ? value.stack : `${value}`;
    if (typeof value !== 'object' || value === null) return typeof value === 'symbol' ? value.toString() : `${value}`;
    try { return stringify(value); } catch { return Object.prototype.toString.call(value); }
  };
  const write = (level) => (...args) => { host.log(level, args.map(text).join(' ')); };
  const console = {};
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) console[level] = write(level);
  for (const name of ['trace', 'dir', 'table']) console[name] = console.log;
  constant('console', console);

  // --- data ---------------------------------------------------------------------------------------------------------------
  define('$input', lazily(() => ({
    all: () => items, first: () => items[0], last: () => items[items.length - 1],
    get item() { return items[current]; }, get params() { return globals.parameter; }, get context() { return {}; },
  })));
  define('items', () => items);
  define('item', () => items[current]);
  define('$json', () => items[current]?.json);
  define('$data', () => items[current]?.json);
  define('$binary', () => items[current]?.binary ?? {});
  // The place of the current item among all that came in: a long list may come in pieces.
  const place = () => current + (globals.before ?? 0);
  define('$itemIndex', place);
  define('$position', place);
  for (const [name, key] of [['$vars', 'vars'], ['$env', 'env'], ['$workflow', 'workflow'], ['$prevNode', 'prevNode'],
    ['$parameter', 'parameter']]) define(name, () => globals[key] ?? {});
  define('$execution', lazily(() => ({ ...globals.execution, customData })));
  define('$runIndex', () => globals.runIndex);
  define('$thisRunIndex', () => globals.runIndex);
  define('$thisItem', () => items[current]);
  define('$thisItemIndex', () => current);
  define('$executionId', () => globals.execution?.id);
  define('$mode', () => globals.execution?.mode);

  // Why the parent refused to answer last.
  let refused;
  const answered = (question) => {
    try { return host.ask(question); } catch (error) { refused = error.message; throw error; }
  };
  const askOnce = new Map();
  const ask = (node, query) => {
    const question = stringify({ node: String(node), query });
    if (!askOnce.has(question)) askOnce.set(question, answered(question));
    return askOnce.get(question);
  };
  const node = (name) => {
    const list = (output, iteration) => ask(name, { items: { output, iteration } });
    const linked = (index = place()) => ask(name, { linked: { item: index } });
    return {
      all: list, first: (output, iteration) => list(output, iteration)[0], last: (output, iteration) => list(output, iteration).at(-1),
      get item() { return linked(); }, pairedItem: linked, itemMatching: linked,
      get isExecuted() { return ask(name, 'executed'); }, get params() { return ask(name, 'parameters'); },
      get context() { return {}; },
    };
  };
  constant('$', node);
  constant('$items', (name, output, iteration) => (name === undefined ? items : node(name).all(output, iteration)));
  // `$node`, seen from the item in the place that `at` gives.
  const nodesAt = (at) => new Proxy({}, { get: (_, name) => (typeof name === 'symbol' ? undefined : {
    get json() { const list = node(name).all(); return (list[at()] ?? list[0])?.json; },
    get data() { return this.json; },
    get binary() { const list = node(name).all(); return (list[at()] ?? list[0])?.binary ?? {}; },
    get parameter() { return ask(name, 'parameters'); }, runIndex: 0, context: {},
  }) });
  define('$node', lazily(() => nodesAt(() => current)));

  // --- what is kept for the steps that follow -----------------------------------------------------------------------------
  // Code changes these objects in place. What differs from what came is sent back when the code has ended.
  const keepsakes = new Map();
  const keepsake = (kind) => {
    if (!keepsakes.has(kind)) {
      const value = host.ask(stringify({ node: '', query: { kept: { kind } } }));
      keepsakes.set(kind, { value, text: stringify(value) });
    }
    return keepsakes.get(kind).value;
  };
  // The parent keeps no more either.
  const longestKept = 65536;
  // Each is sent, whatever becomes of the others; gives why some could not be kept.
  const keep = (mode) => {
    const refusals = [];
    if (mode === 'expression') return refusals;
    for (const [kind, { value, text }] of keepsakes) {
      try {
        const json = stringify(value);
        if (json?.length > longestKept) throw new Error('What is to be kept is too long.');
        if (json !== text) host.ask(stringify({ node: '', query: { keep: { kind, json } } }));
      } catch (error) { refusals.push(error); }
    }
    return refusals;
  };

  const mostCustomData = 10, longestKey = 50, longestValue = 512;
  const customData = {
    set(key, value) {
      const kept = keepsake('customData');
      if (typeof key !== 'string' || !/^[\p{L}\p{N}\p{M}_]+$/u.test(key) || key.length > longestKey) {
        throw new Error(`A key of custom data has up to ${longestKey} letters, digits and underscores; this one does not: ${text(key)}`);
      }
      if (!['string', 'number', 'boolean', 'bigint'].includes(typeof value)) {
        throw new Error(`The custom data "${key}" must be a text, a number or a boolean.`);
      }
      if (!Object.hasOwn(kept, key) && Object.keys(kept).length >= mostCustomData) {
        throw new Error(`An execution has up to ${mostCustomData} entries of custom data; "${key}" would be one more.`);
      }
      kept[key] = String(value).slice(0, longestValue);
    },
    setAll(entries) { for (const [key, value] of Object.entries(entries)) customData.set(key, value); },
    get: (key) => keepsake('customData')[key],
    getAll: () => ({ ...keepsake('customData') }),
  };
  const staticData = (kind) => {
    if (kind !== 'global' && kind !== 'node') throw new Error('Static data is of the kind "global" or "node".');
    return keepsake(kind);
  };
  for (const name of ['$getWorkflowStaticData', 'getWorkflowStaticData']) constant(name, staticData);

  // --- what code for n8n expects ------------------------------------------------------------------------------------------
  const asItems = (data) => (Array.isArray(data) ? data : [data]).map((entry) => (entry?.json ? entry : { json: entry }));
  const offered = { returnJsonArray: asItems, normalizeItems: asItems };
  const types = { txt: 'text/plain', csv: 'text/csv', html: 'text/html', xml: 'text/xml', json: 'application/json', pdf: 'application/pdf',
    zip: 'application/zip', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', svg: 'image/svg+xml' };
  const fileOf = (index, property) => {
    const file = items[index]?.binary?.[property];
    if (!file) throw new Error(`Item ${index} has no file "${property}".`);
    return file;
  };
  Object.assign(offered, {
    async prepareBinaryData(data, fileName, mimeType) {
      const fileExtension = /\.([A-Za-z0-9]+)$/.exec(fileName ?? '')?.[1].toLowerCase();
      return { data: globalThis.Buffer.from(data).toString('base64'), mimeType: mimeType ?? types[fileExtension] ?? 'text/plain', fileName, fileExtension };
    },
    async setBinaryDataBuffer(file, data) { return { ...file, data: globalThis.Buffer.from(data).toString('base64') }; },
    async getBinaryDataBuffer(index, property) {
      const { data } = fileOf(index, property);
      if (data === undefined) throw new Error(`The file "${property}" is too large to be opened in code. Use Extract from file.`);
      return globalThis.Buffer.from(data, 'base64');
    },
    async binaryToString(data, encoding) { return globalThis.Buffer.from(data).toString(encoding); },
    assertBinaryData: fileOf,
  });
  const helpers = new Proxy(offered, { get: (_, name) => offered[name] ?? (typeof name === 'symbol' ? undefined : () => {
    throw new Error(`helpers.${name} is not available in code. Use a node that does it, HTTP Request for instance.`);
  }) });
  constant('helpers', helpers);
  const parameterOf = (name, _index, fallback) => {
    const path = String(name).replace(/^functionCode$/, 'jsCode').split('.');
    return path.reduce((value, key) => value?.[key], globals.parameter) ?? fallback;
  };
  for (const name of ['getNodeParameter', '$getNodeParameter']) constant(name, parameterOf);
  constant('$item', (index = current) => ({
    $json: items[index]?.json, $data: items[index]?.json, $binary: items[index]?.binary ?? {}, $itemIndex: index, $position: index,
    $node: nodesAt(() => index), $parameter: globalThis.$parameter,
  }));

  // --- small functions ----------------------------------------------------------------------------------------------------
  const isEmpty = (value) => value === undefined || value === null || value === ''
    || (typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0);
  constant('$if', (condition, yes, no) => (condition ? yes : no));
  constant('$ifEmpty', (value, fallback) => (isEmpty(value) ? fallback : value));
  constant('$min', Math.min);
  constant('$max', Math.max);
  constant('$average', (...numbers) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length);
  constant('$not', (value) => !value);
  const evaluate = (expression, item, values) => answered(stringify({ node: '',
    query: { evaluate: { expression: String(expression), item, globals: values && stringify(values) } } }));
  for (const name of ['$nodeVersion', '$nodeId', '$webhookId']) define(name, () => evaluate(`{{ ${name} }}`, current));
  constant('$self', {});
  constant('$evaluateExpression', (expression, item = current) => evaluate(String(expression).replace(/^=/, ''), item));
  for (const name of ['$jmespath', '$jmesPath']) {
    constant(name, (value, query) => evaluate('{{ $jmespath($value, $query) }}', current, { $value: value, $query: query }));
  }
  constant('queueMicrotask', (callback) => { Promise.resolve().then(callback); });
  constant('structuredClone', (value) => parse(stringify(value)));

  // Math.random from the recorded seed (xorshift128, G. Marsaglia 2003), so that a replay draws the same numbers.
  const seeded = (seed) => {
    let [x, y, z, w] = [seed % 4294967296 >>> 0, Math.floor(seed / 4294967296) >>> 0, 362436069, 521288629];
    const next = () => {
      const t = x ^ (x << 11);
      [x, y, z] = [y, z, w];
      w = (w ^ (w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
      return w;
    };
    for (let i = 0; i < 20; i += 1) next();
    return () => (next() * 2097152 + (next() >>> 11)) / 9007199254740992;
  };

  // --- the step -----------------------------------------------------------------------------------------------------------
  // What an item has beside its data, its files and its pairing is dropped; the parent checks the rest.
  const trimmed = (entry) => {
    if (typeof entry !== 'object' || entry === null || !('json' in entry)) return entry;
    const { json, binary, pairedItem } = entry;
    return { json, binary, pairedItem };
  };
  const setBinaryOf = (entry, binary) => { entry.binary = binary; };
  // What JavaScript's own values can do in expressions alone; the parent does it.
  const extend = (prototypes, methods) => {
    for (const [type, names] of Object.entries(methods ?? {})) {
      for (const name of names) {
        if (!(type in prototypes) || name in prototypes[type]) continue;
        const value = function extension(...args) {
          return evaluate(`{{ $value.${name}(...$args) }}`, current, { $value: this, $args: args });
        };
        Object.defineProperty(prototypes[type], name, { value, writable: true, configurable: true });
      }
    }
  };
  const dialects = {
    expression: {
      prepare() {
        extend({ string: String.prototype, number: Number.prototype, boolean: Boolean.prototype, array: Array.prototype }, globals.methods);
        // Expressions reach less than code does, and write nothing.
        for (const name of ['require', 'helpers', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'items', 'item',
          '$getWorkflowStaticData', 'getWorkflowStaticData']) constant(name);
        customData.set = customData.setAll = () => { throw new Error('Expressions keep nothing. Use a node that does.'); };
      },
      async each(code) {
        if (typeof globals.only === 'number' && globals.only !== current) return { json: {} };
        refused = undefined;
        try {
          return { json: { value: await code() } };
        } catch (error) {
          if (refused === undefined) throw error;
          return { json: { refused } };
        }
      },
    },
    allItems: { run: (code) => code() },
    eachItem: { each: (code) => code() },
    function: {
      prepare() {
        constant('getBinaryDataAsync', async (entry) => entry?.binary);
        constant('setBinaryDataAsync', async (entry, binary) => setBinaryOf(entry, binary));
      },
      async run(code) {
        const returned = await code();
        return Array.isArray(returned) ? returned.map(trimmed) : trimmed(returned);
      },
    },
    functionItem: {
      prepare() {
        constant('getBinaryData', () => items[current].binary);
        constant('setBinaryData', (binary) => setBinaryOf(items[current], binary));
        constant('getBinaryDataAsync', async () => items[current].binary);
        constant('setBinaryDataAsync', async (binary) => setBinaryOf(items[current], binary));
      },
      async each(code) {
        // Anew for each item, since code may have assigned another one.
        constant('item', items[current].json);
        const json = await code();
        return typeof json === 'object' && json !== null ? { json, binary: items[current].binary } : json;
      },
    },
  };

  const eachItem = async (code, each) => {
    const results = [];
    for (current = 0; current < items.length; current += 1) {
      try { results[current] = await each(code); } catch (error) { failedAt = current; throw error; }
    }
    return results;
  };
  // The same where failed items do not end the step: the runner tells them as they come. Gives the JSON of the results, with
  // `null` for each of them, since one that cannot be written as JSON has failed, too.
  const eachItemCarryingOn = async (code, each) => {
    let results = '';
    for (current = 0; current < items.length; current += 1) {
      let result;
      try { result = stringify(await each(code)); } catch (error) { host.itemFailed(current, error); }
      results += `${current === 0 ? '' : ','}${result ?? 'null'}`;
    }
    return `[${results}]`;
  };
  const begin = async (code, itsGlobals, itsItems, mode, carriesOn) => {
    globals = itsGlobals;
    items = itsItems;
    Math.random = seeded(globals.seed ?? 0);
    const { prepare, run, each } = dialects[mode];
    prepare?.();
    const throughout = carriesOn ? eachItemCarryingOn : eachItem;
    let returned;
    try {
      returned = await (each ? throughout(code, each) : run(code));
    } catch (error) {
      // Why the code failed matters more than what of its keepsakes could not be kept.
      keep(mode);
      throw error;
    }
    const refusals = keep(mode);
    if (refusals.length > 0) throw refusals[0];
    return returned;
  };
  return { begin, pump, pending: () => timers.size, failedAt: () => failedAt };
})

// `Buffer`, `TextEncoder` and `TextDecoder`: the part of Node.js' class that workflow code commonly uses, over nothing but typed
// arrays, since no JavaScript engine brings it. Evaluates to a function that makes the classes.
(function () {
  'use strict';
  const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const URL_SAFE = STANDARD.slice(0, 62) + '-_';
  const VALUES = new Map([...STANDARD, ...URL_SAFE].map((letter, at) => [letter, at % 64]));
  const chunk = 4096;

  // --- texts and bytes ----------------------------------------------------------------------------------------------------
  const utf8Bytes = (text) => {
    const bytes = [];
    for (let at = 0; at < text.length; at += 1) {
      let code = text.charCodeAt(at);
      if (code >= 0xd800 && code <= 0xdfff) {
        const next = code < 0xdc00 ? text.charCodeAt(at + 1) : NaN;
        if (next >= 0xdc00 && next <= 0xdfff) {
          code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
          at += 1;
        } else code = 0xfffd;
      }
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return bytes;
  };
  // What is no UTF-8 becomes U+FFFD, one for each maximal part of a character (https://encoding.spec.whatwg.org/#utf-8-decoder).
  const utf8Text = (bytes, fatal = false) => {
    let text = '', units = [];
    const put = (code) => {
      if (code < 0x10000) units.push(code); else units.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
      if (units.length >= chunk) { text += String.fromCharCode(...units); units = []; }
    };
    const wrong = () => {
      if (fatal) throw new TypeError('The encoded data was not valid for encoding utf-8');
      put(0xfffd);
    };
    for (let at = 0; at < bytes.length;) {
      const first = bytes[at++];
      if (first < 0x80) { put(first); continue; }
      const needed = first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
      if (needed === 0) { wrong(); continue; }
      let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      let code = first & (0x3f >> needed), got = 0;
      for (; got < needed && bytes[at] >= low && bytes[at] <= high; got += 1, low = 0x80, high = 0xbf) {
        code = (code << 6) | (bytes[at++] & 63);
      }
      if (got === needed) put(code); else wrong();
    }
    return text + String.fromCharCode(...units);
  };
  const unitsText = (bytes, mask) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += chunk) {
      text += String.fromCharCode(...Array.from(bytes.subarray(at, at + chunk), (byte) => byte & mask));
    }
    return text;
  };
  const wideText = (bytes) => {
    let text = '';
    for (let at = 0; at + 1 < bytes.length; at += 2) text += String.fromCharCode(bytes[at] | (bytes[at + 1] << 8));
    return text;
  };
  const base64Text = (bytes, alphabet) => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 3) {
      const [a, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
      text += alphabet[a >> 2] + alphabet[((a & 3) << 4) | (b >> 4)];
      text += b === undefined ? (alphabet === STANDARD ? '==' : '') : alphabet[((b & 15) << 2) | (c >> 6)];
      if (b !== undefined) text += c === undefined ? (alphabet === STANDARD ? '=' : '') : alphabet[c & 63];
    }
    return text;
  };
  // As in Node.js, what is no letter of either alphabet is passed over, and `=` ends the text.
  const base64Bytes = (text) => {
    const bytes = [];
    let bits = 0, held = 0;
    for (const letter of text) {
      if (letter === '=') break;
      const value = VALUES.get(letter);
      if (value === undefined) continue;
      held = (held << 6) | value;
      bits += 6;
      if (bits >= 8) { bits -= 8; bytes.push((held >> bits) & 255); held &= (1 << bits) - 1; }
    }
    return bytes;
  };
  const hexBytes = (text) => {
    const bytes = [];
    for (let at = 0; at + 1 < text.length; at += 2) {
      const pair = text.slice(at, at + 2);
      if (!/^[0-9a-f]{2}$/i.test(pair)) break;
      bytes.push(parseInt(pair, 16));
    }
    return bytes;
  };
  const wideBytes = (text) => Array.from({ length: text.length * 2 }, (_, at) => (text.charCodeAt(at >> 1) >> (at % 2 ? 8 : 0)) & 255);
  const narrowBytes = (text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at) & 255);

  const utf8 = { read: utf8Bytes, write: utf8Text }, wide = { read: wideBytes, write: wideText };
  const latin1 = { read: narrowBytes, write: (bytes) => unitsText(bytes, 255) };
  const encodings = {
    utf8, 'utf-8': utf8, latin1, binary: latin1, ascii: { read: narrowBytes, write: (bytes) => unitsText(bytes, 127) },
    base64: { read: base64Bytes, write: (bytes) => base64Text(bytes, STANDARD) },
    base64url: { read: base64Bytes, write: (bytes) => base64Text(bytes, URL_SAFE) },
    hex: { read: hexBytes, write: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') },
    utf16le: wide, 'utf-16le': wide, ucs2: wide, 'ucs-2': wide,
  };
  const encodingOf = (name) => {
    const key = String(name ?? 'utf8').toLowerCase();
    if (!Object.hasOwn(encodings, key)) throw new TypeError(`Unknown encoding: ${name}`);
    return encodings[key];
  };

  // --- Buffer -------------------------------------------------------------------------------------------------------------
  const bytesOf = (value, encoding) => (typeof value === 'string' ? Buffer.from(value, encoding) : value);
  const ordered = (a, b) => {
    for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) return a[at] < b[at] ? -1 : 1;
    return Math.sign(a.length - b.length);
  };

  class Buffer extends Uint8Array {
    static from(value, second, length) {
      if (typeof value === 'string') return Buffer.from(encodingOf(second).read(value));
      if (value instanceof ArrayBuffer) return new Buffer(value, second, length);
      if (typeof value !== 'object' || value === null) {
        throw new TypeError('The first argument must be of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object.');
      }
      const list = value.type === 'Buffer' && Array.isArray(value.data) ? value.data : value;
      const made = new Buffer(Math.max(Number(list.length) || 0, 0));
      for (let at = 0; at < made.length; at += 1) made[at] = list[at];
      return made;
    }
    static alloc(size, fill, encoding) {
      const made = new Buffer(size);
      return fill === undefined ? made : made.fill(fill, encoding);
    }
    static allocUnsafe(size) { return new Buffer(size); }
    static concat(list, total = list.reduce((sum, part) => sum + part.length, 0)) {
      const made = new Buffer(total);
      let at = 0;
      for (const part of list) {
        if (at >= total) break;
        made.set(part.subarray(0, total - at), at);
        at += part.length;
      }
      return made;
    }
    static isBuffer(value) { return value instanceof Buffer; }
    static isEncoding(name) { return typeof name === 'string' && Object.hasOwn(encodings, name.toLowerCase()); }
    static byteLength(value, encoding) { return typeof value === 'string' ? encodingOf(encoding).read(value).length : value.byteLength; }
    static compare(a, b) { return ordered(a, b); }

    toString(encoding, start = 0, end = this.length) { return encodingOf(encoding).write(this.subarray(start, end)); }
    toLocaleString(encoding, start, end) { return this.toString(encoding, start, end); }
    toJSON() { return { type: 'Buffer', data: Array.from(this) }; }
    equals(other) { return ordered(this, other) === 0; }
    compare(other) { return ordered(this, other); }
    // A view of the same bytes, as in Node.js.
    slice(start, end) { return this.subarray(start, end); }
    copy(target, targetStart = 0, start = 0, end = this.length) {
      const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
      target.set(part, targetStart);
      return part.length;
    }
    write(text, offset = 0, length, encoding) {
      if (typeof offset === 'string') return this.write(text, 0, undefined, offset);
      if (typeof length === 'string') return this.write(text, offset, undefined, length);
      const bytes = encodingOf(encoding).read(text).slice(0, Math.min(length ?? Infinity, this.length - offset));
      this.set(bytes, offset);
      return bytes.length;
    }
    fill(value, start, end, encoding) {
      if (typeof value !== 'string') return super.fill(value, start, end);
      if (typeof start === 'string') return this.fill(value, 0, this.length, start);
      const bytes = encodingOf(encoding).read(value);
      for (let at = start ?? 0; at < (end ?? this.length); at += 1) this[at] = bytes.length ? bytes[(at - (start ?? 0)) % bytes.length] : 0;
      return this;
    }
    indexOf(value, from = 0, encoding) {
      const wanted = typeof value === 'number' ? [value & 255] : bytesOf(value, encoding);
      for (let at = from < 0 ? Math.max(this.length + from, 0) : from; at + wanted.length <= this.length; at += 1) {
        if (wanted.every((byte, place) => this[at + place] === byte)) return at;
      }
      return -1;
    }
    includes(value, from, encoding) { return this.indexOf(value, from, encoding) !== -1; }
    #view(offset, size) {
      if (!(offset >= 0 && offset + size <= this.length)) {
        throw new RangeError(`The value of "offset" is out of range. It must be >= 0 and <= ${this.length - size}. Received ${offset}`);
      }
      return new DataView(this.buffer, this.byteOffset + offset, size);
    }
    static numbers() {
      const define = (name, value) => Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
      const kinds = { UInt8: ['Uint8', 1], Int8: ['Int8', 1], UInt16: ['Uint16', 2], Int16: ['Int16', 2], UInt32: ['Uint32', 4],
        Int32: ['Int32', 4], Float: ['Float32', 4], Double: ['Float64', 8], BigUInt64: ['BigUint64', 8], BigInt64: ['BigInt64', 8] };
      for (const [name, [kind, size]] of Object.entries(kinds)) {
        for (const order of size === 1 ? [''] : ['LE', 'BE']) {
          const read = function (offset = 0) { return this.#view(offset, size)[`get${kind}`](0, order === 'LE'); };
          const write = function (value, offset = 0) {
            this.#view(offset, size)[`set${kind}`](0, value, order === 'LE');
            return offset + size;
          };
          for (const said of new Set([name, name.replace('UInt', 'Uint')])) {
            define(`read${said}${order}`, read);
            define(`write${said}${order}`, write);
          }
        }
      }
      delete Buffer.numbers;
    }
  }
  Buffer.numbers();

  // --- the Encoding Standard ----------------------------------------------------------------------------------------------
  class TextEncoder {
    get encoding() { return 'utf-8'; }
    encode(text = '') { return Uint8Array.from(utf8Bytes(String(text))); }
  }
  const labels = { 'utf-8': utf8, utf8, 'utf-16le': wide, latin1, 'iso-8859-1': latin1, ascii: latin1 };
  class TextDecoder {
    #label; #fatal; #keepsMark;
    constructor(label = 'utf-8', { fatal = false, ignoreBOM = false } = {}) {
      this.#label = String(label).trim().toLowerCase();
      if (!Object.hasOwn(labels, this.#label)) throw new RangeError(`The encoding label provided ('${label}') is invalid.`);
      [this.#fatal, this.#keepsMark] = [Boolean(fatal), Boolean(ignoreBOM)];
    }
    get encoding() { return this.#label; }
    decode(bytes = new Uint8Array()) {
      const view = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
      const text = labels[this.#label].write(view, this.#fatal);
      return !this.#keepsMark && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
  }
  return { Buffer, TextEncoder, TextDecoder };
})

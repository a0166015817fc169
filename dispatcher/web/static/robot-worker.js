// Solves a challenge of the ALTCHA protocol (version 2, PBKDF2 with SHA-256) beside the page: the first counter whose
// derived key begins with the wanted bytes. Written out, because crypto.subtle is missing where an office has no TLS.
"use strict";

const K = new Int32Array(64);
const START = new Int32Array(8);
{ // the fractions of the cube and square roots of the first primes (FIPS 180-4, 4.2.2 and 5.3.3)
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = fraction(Math.sqrt(n));
    K[found++] = fraction(Math.cbrt(n));
  }
}

const W = new Int32Array(64);

// One block of SHA-256: W[0..15] onto `from`, into `to`.
function compress(from, to) {
  for (let i = 16; i < 64; i++) {
    const x = W[i - 15], y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let a = from[0], b = from[1], c = from[2], d = from[3], e = from[4], f = from[5], g = from[6], h = from[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  to[0] = from[0] + a; to[1] = from[1] + b; to[2] = from[2] + c; to[3] = from[3] + d;
  to[4] = from[4] + e; to[5] = from[5] + f; to[6] = from[6] + g; to[7] = from[7] + h;
}

// Bytes of at most 55 as one padded block; `before` bytes were hashed already.
function block(bytes, before) {
  W.fill(0, 0, 16);
  bytes.forEach((byte, i) => { W[i >> 2] |= byte << (24 - 8 * (i & 3)); });
  W[bytes.length >> 2] |= 0x80 << (24 - 8 * (bytes.length & 3));
  W[15] = 8 * (before + bytes.length);
}

function digest(state) {
  for (let i = 0; i < 8; i++) W[i] = state[i];
  W[8] = 0x80000000 | 0;
  W.fill(0, 9, 15);
  W[15] = 8 * 96; // 64 bytes of the key's block, 32 of this one
}

// The state after a key's block, xored with 0x36 (inner) or 0x5c (outer): RFC 2104.
function keyed(password, pad) {
  for (let i = 0; i < 16; i++) W[i] = pad * 0x01010101;
  password.forEach((byte, i) => { W[i >> 2] ^= byte << (24 - 8 * (i & 3)); });
  const state = new Int32Array(8);
  compress(START, state);
  return state;
}

// The first block of PBKDF2 (RFC 8018): 32 bytes, as 8 words.
function derive(password, salt, cost) {
  const inner = keyed(password, 0x36), outer = keyed(password, 0x5c);
  const u = new Int32Array(8), sum = new Int32Array(8);
  block([...salt, 0, 0, 0, 1], 64);
  for (let round = 0; round < cost; round++) {
    if (round > 0) digest(u);
    compress(inner, u);
    digest(u);
    compress(outer, u);
    for (let i = 0; i < 8; i++) sum[i] ^= u[i];
  }
  return sum;
}

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (words) => Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

onmessage = ({ data: challenge }) => {
  const { algorithm, cost, keyLength, keyPrefix, nonce, salt } = challenge.parameters;
  if (algorithm !== "PBKDF2/SHA-256" || keyLength !== 32) throw new Error(`unknown: ${algorithm}`);
  const salted = bytesOf(salt);
  const password = new Uint8Array([...bytesOf(nonce), 0, 0, 0, 0]);
  const counted = new DataView(password.buffer, password.length - 4);
  for (let counter = 0; ; counter++) {
    counted.setUint32(0, counter);
    const derivedKey = hexOf(derive(password, salted, cost));
    if (derivedKey.startsWith(keyPrefix)) {
      postMessage({ counter, derivedKey });
      return;
    }
  }
};

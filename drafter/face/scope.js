// What Material's script expects to find on a page, in a file of its own, so that no page holds a
// script and the site can forbid them. Keys are kept apart by the address that the site lives at.
var __md_scope = new URL(document.currentScript.dataset.base, location);
var __md_hash = (text) => [...text].reduce((sum, letter) => ((sum << 5) - sum + letter.charCodeAt(0)) | 0, 0);
var __md_get = (key, storage = localStorage, scope = __md_scope) => {
  try { return JSON.parse(storage.getItem(scope.pathname + "." + key)); } catch { return null; }
};
var __md_set = (key, value, storage = localStorage, scope = __md_scope) => {
  try { storage.setItem(scope.pathname + "." + key, JSON.stringify(value)); } catch { /* a full or closed store loses a preference, no more */ }
};

/**
 * protoplugin works out all names of a file again for each import from it, which takes a minute
 * for a file like google's compute.proto. Loaded before protoc-gen-es, this makes it remember them.
 */
const Module = require("node:module");

const wanted = /protoplugin[\\/]dist[\\/]cjs[\\/]names\.js$/;
const declaration = "function allNames(file) {";
const remembering = `
const known = new WeakMap();
function allNames(file) {
  if (!known.has(file)) known.set(file, findNames(file));
  return known.get(file);
}
function findNames(file) {`;

const compile = Module.prototype._compile;
Module.prototype._compile = function (code, path) {
  if (!wanted.test(path)) return compile.call(this, code, path);
  if (!code.includes(declaration)) throw new Error(`${path} is not what this patch is for`);
  return compile.call(this, code.replace(declaration, remembering), path);
};

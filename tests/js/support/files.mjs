// The files that the wall page loads.

import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as acorn from 'acorn';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** @param {string} path from the top of the project */
export const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/**
 * A script as the server sends it: without the comments that begin where a line does; lines keep their numbers. The rule
 * of src/assets.rs.
 * @param {string} source
 */
export const served = (source) =>
  source.replace(/^( *)((?:\/\*[^]*?\*\/ *)*)(\/\/.*)?/gm, (_, indent, blocks) => indent + blocks.replace(/\/\*[^]*?\*\//g, (it) => it.replace(/[^\n]/g, '')));

/**
 * A module and all that it imports, and so on.
 * @param {string} entry its name in static/
 * @returns {string[]} names in static/
 */
export function reach(entry) {
  const found = new Set([entry]);
  for (const name of found) {
    const path = join('static', name);
    if (!existsSync(join(ROOT, path))) throw new Error(`${[...found].join(', ')}: there is no ${path}`);
    const { body } = acorn.parse(read(path), { ecmaVersion: 'latest', sourceType: 'module' });
    body.filter(({ source }) => source).forEach(({ source }) => found.add(normalize(source.value)));
  }
  return [...found].sort();
}

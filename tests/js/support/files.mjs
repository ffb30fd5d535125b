// The files that the wall page loads.

import { existsSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as acorn from 'acorn';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** @param {string} path from the top of the project */
export const read = (path) => readFileSync(join(ROOT, path), 'utf8');

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

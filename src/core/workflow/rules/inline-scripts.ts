import { runtimeOf } from '../named-files.ts';
import { placedNodes } from '../placed-nodes.ts';
import type { Rule } from './finding.ts';

/** In Archon a script of one word names a file; here a text is always the program itself. */
export const inlineScripts: Rule = function* (workflow) {
  for (const { node, path } of placedNodes(workflow)) {
    if (node.kind !== 'script' || node.file !== null) continue;
    const written = node.script.trim();
    if (!looksLikeFile(written)) continue;
    const ending = node.runtime === 'node' ? '.mjs' : '.py';
    const file = (runtimeOf(written) === null ? `${written}${ending}` : written).replace(/^(?:\.\/)+/, '');
    const message = `\`${written.slice(0, 80)}\` looks like the name of a file, but a text here is the program itself.`;
    const hint = `Write script: { file: ${file.slice(0, 80)} }, a file beside the workflow.`;
    yield { path: [...path, 'script'], code: 'inline_script', message, hint };
  }
};

/** A bare word, or a path: nothing that a program would do anything with. */
const looksLikeFile = (text: string): boolean =>
  text.length <= 200 &&
  (/^[A-Za-z_][\w-]*$/.test(text) ||
    /^[\w./-]+\.(?:m?[jt]s|cjs|py|sh)$/.test(text) ||
    /^(?:\.{0,2}\/)?[\w-]+(?:\/[\w-]+)+$/.test(text));

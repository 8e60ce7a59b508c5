import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadLocalWorkflow } from '../../../src/cli/local-workflows.ts';
import { formatFault } from '../../../src/core/workflow/code-frame.ts';
import { fileNameFaults } from '../../../src/core/workflow/file-name.ts';
import { parseWorkflow } from '../../../src/core/workflow/parse-workflow.ts';
import { sourceTexts } from '../../../src/core/workflow/source-texts.ts';
import type { Fault } from '../../../src/core/workflow/types.ts';
import { createBundledWorkflows } from '../../../src/platform/bundled-workflows.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const FOLDER = join(import.meta.dirname, 'broken');
const LANGUAGE = join(ROOT, 'src', 'core', 'workflow');
/** Included by another one; nothing is wrong with it. */
const WHOLE = 'included.yml';

interface Broken {
  file: string;
  faults: readonly Fault[];
  told: readonly string[];
}

const broken: Broken[] = [];

beforeAll(async () => {
  const bundled = createBundledWorkflows(join(ROOT, 'workflows'));
  for (const file of readdirSync(FOLDER).filter((entry) => entry.endsWith('.yml'))) {
    const source = await loadLocalWorkflow(join(FOLDER, file), bundled);
    const parsed = parseWorkflow(source.text, source.origin, source);
    const faults = parsed.ok ? fileNameFaults(source, parsed.workflow.name) : parsed.faults;
    const texts = sourceTexts(source);
    const told = faults.map((fault) =>
      formatFault({ ...fault, file: fault.file.replace(`${FOLDER}/`, '') }, texts.get(fault.file) ?? ''),
    );
    broken.push({ file, faults, told });
  }
});

/** Every code that the language's own source can give a fault. */
function codesInSource(): string[] {
  const sources = readdirSync(LANGUAGE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const codes = sources.flatMap((file) =>
    [...readFileSync(join(LANGUAGE, file), 'utf8').matchAll(/\b(?:code:|code =|UNUSED_INPUT =) '([a-z_]+)'/g)].map(
      ([, code = '']) => code,
    ),
  );
  return [...new Set(codes)].sort();
}

describe('the broken files', () => {
  it('are told with their line, column, lines around, and what to do', async () => {
    const whole = broken.map(({ file, told }) => [`# ${file}`, ...told].join('\n\n')).join('\n\n\n');
    await expect(`${whole}\n`).toMatchFileSnapshot(join(FOLDER, 'faults.txt'));
  });

  it('are broken, each in the way that its name says', () => {
    const others = broken.filter(({ file, faults }) => {
      const [rule = ''] = file.replace(/\.yml$/, '').split('-');
      const isNamed = faults.some(({ code }) => code === rule || file === 'file-beside.yml');
      return file !== WHOLE && !isNamed;
    });
    expect(others.map(({ file, faults }) => [file, faults.map(({ code }) => code)])).toEqual([]);
    expect(broken.length).toBeGreaterThan(40);
  });

  it('show every fault that the language knows', () => {
    const shown = new Set(broken.flatMap(({ faults }) => faults.map(({ code }) => code)));
    expect(codesInSource().filter((code) => !shown.has(code))).toEqual([]);
  });

  it('say for every fault what to do, in sentences', () => {
    const texts = broken.flatMap(({ faults }) => faults.flatMap(({ message, hint }) => [message, hint]));
    expect(texts.filter((text) => !/^\S.{8,}\S$/s.test(text))).toEqual([]);
    expect(texts.filter((text) => /undefined|\[object/.test(text))).toEqual([]);
  });
});

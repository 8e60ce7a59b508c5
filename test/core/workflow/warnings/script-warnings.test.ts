import { expect, it } from 'vitest';
import { scriptWarnings } from '../../../../src/core/workflow/warnings/script-warnings.ts';

const warnings = (language: 'node' | 'python', text: string) =>
  [...scriptWarnings(text, language, new Set(['LOG']))].map(({ at }) => text.slice(at.offset, at.offset + at.length));

it.each([
  ['node', 'execSync(`npm i ${process.env.INPUTS_X}`)', ['execSync(']],
  ['node', "const x = process.env.INPUTS_X;\nchild_process.exec('npm i ' + x);", ['child_process.exec(']],
  ['node', "spawn('npm i ' + process.env.LOG, { shell: true })", ['spawn(']],
  ['node', 'eval(process.env.NODES_A_OUTPUT)', ['eval(']],
  ['python', 'os.system("npm i " + os.environ["INPUTS_X"])', ['os.system(']],
  ['python', 'x = os.environ["INPUTS_X"]\nsubprocess.run(f"npm i {x}", shell=True)', ['subprocess.run(']],
  ['python', 'exec(os.environ["NODES_A_OUTPUT"])', ['exec(']],
] as const)('a value that becomes a program is seen: %s %j', (language, text, expected) => {
  expect(warnings(language, text)).toEqual(expected);
});

it.each([
  ['node', '/x/.exec(process.env.INPUTS_X)'],
  ['node', "execFileSync('npm', ['i', process.env.INPUTS_X])"],
  ['node', "execSync('npm test'); console.log(process.env.INPUTS_X)"],
  ['node', '// eval(process.env.INPUTS_X)'],
  ['node', "spawn('npm', [process.env.INPUTS_X], { shell: false })"],
  ['python', 'subprocess.run(["npm", "i", os.environ["INPUTS_X"]])'],
  ['python', 'subprocess.run("npm test", shell=True)\nprint(os.environ["INPUTS_X"])'],
  ['python', 'cursor.exec(os.environ["INPUTS_X"])'],
] as const)('what is safe passes: %s %j', (language, text) => {
  expect(warnings(language, text)).toEqual([]);
});

it('reads a megabyte of calls within two seconds of computing', () => {
  const before = process.cpuUsage();
  warnings('node', 'INPUTS_X eval(('.repeat(65_000));
  warnings('python', 'a = INPUTS_X\n'.repeat(75_000));
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(2_000);
});

import { nearest } from '../../nearest.ts';
import { decisionOutput } from '../decisions.ts';
import { compileOutputFormat } from '../output-format.ts';
import { parseAnswer } from '../parse-answer.ts';
import type { OutputFormat, WorkflowNode } from '../types.ts';

/** What somebody says that a node would come to; null: not said. */
export interface Stub {
  output: string | null;
  exitCode: number | null;
  status: 'completed' | 'failed' | null;
}

/** By the path of the node: `test`, and `group/test` in a group or an included workflow. */
export type Stubs = ReadonlyMap<string, Stub>;

export const NO_STUB: Stub = { output: null, exitCode: null, status: null };

interface StubFault {
  /** As it was given. */
  stub: string;
  message: string;
  hint: string;
}

export type ParsedStubs = { ok: true; stubs: Stubs } | { ok: false; faults: StubFault[] };

const PROPERTIES = ['output', 'exit_code', 'status'] as const;
type Property = (typeof PROPERTIES)[number];
type Problem = Omit<StubFault, 'stub'>;

/** Reads `node.output=...`, `node.exit_code=1` and `group/node.status=failed`; all faults at once. */
export function parseStubs(given: readonly string[], nodes: readonly WorkflowNode[]): ParsedStubs {
  const places = placesOf(nodes, '');
  const stubs = new Map<string, Stub>();
  const seen = new Set<string>();
  const faults: StubFault[] = [];
  for (const text of given) {
    const read = readStub(text, places);
    const problem = 'message' in read ? read : repeated(`${read.path}.${read.property}`, seen);
    if (problem !== null) faults.push({ stub: text, ...problem });
    else if ('path' in read) {
      seen.add(`${read.path}.${read.property}`);
      stubs.set(read.path, { ...(stubs.get(read.path) ?? NO_STUB), ...read.says });
    }
  }
  for (const [path, stub] of stubs) {
    const problem = contradiction(stub, places.get(path));
    if (problem !== null) faults.push({ stub: path, ...problem });
  }
  return faults.length === 0 ? { ok: true, stubs } : { ok: false, faults };
}

function placesOf(nodes: readonly WorkflowNode[], around: string): Map<string, WorkflowNode> {
  return new Map(
    nodes.flatMap((node): [string, WorkflowNode][] => {
      const path = `${around}${node.id}`;
      return [[path, node], ...('nodes' in node ? placesOf(node.nodes, `${path}/`) : [])];
    }),
  );
}

type Read = { path: string; property: Property; says: Partial<Stub> } | Problem;

function readStub(text: string, places: ReadonlyMap<string, WorkflowNode>): Read {
  const [, path = '', property = '', rest = '', value = ''] = /^([^.=]+)\.([^.=]*)([^=]*)=(.*)$/s.exec(text) ?? [];
  if (path === '') {
    return { message: 'It does not say what a node comes to.', hint: 'Write node.exit_code=1, or node.output=text.' };
  }
  const node = places.get(path);
  if (node === undefined) return unknownNode(path, [...places.keys()]);
  const known = PROPERTIES.find((one) => one === property);
  if (known === undefined) return unknownProperty(property);
  if (rest !== '') {
    const hint = `Give the whole output as JSON: '${path}.output={"${rest.split('.').at(1)}": "..."}'.`;
    return { message: `\`${property}${rest}\` is only a part of what the node comes to.`, hint };
  }
  const says = readValue(node, known, value);
  return 'message' in says ? says : { path, property: known, says };
}

function unknownNode(path: string, paths: readonly string[]): Problem {
  const near = paths.find((one) => one.endsWith(`/${path}`)) ?? nearest(path, paths);
  const hint = near === undefined ? `There are ${paths.join(', ')}.` : `Did you mean \`${near}\`?`;
  return { message: `There is no node \`${path}\`.`, hint };
}

function unknownProperty(property: string): Problem {
  const near = nearest(property, PROPERTIES);
  const hint = near === undefined ? `There are ${PROPERTIES.join(', ')}.` : `Did you mean \`${near}\`?`;
  return { message: `A node has no \`${property}\`.`, hint };
}

function readValue(node: WorkflowNode, property: Property, value: string): Partial<Stub> | Problem {
  switch (property) {
    case 'exit_code':
      if (!hasExitCode(node)) {
        const message = `\`${node.id}\` is a ${node.kind}, which has no exit code: every comparison with it is false.`;
        return { message, hint: 'Give its status or its output.' };
      }
      if (/^\d{1,3}$/.test(value) && Number(value) <= 255) return { exitCode: Number(value) };
      return { message: `\`${value}\` is no exit code.`, hint: 'Give a whole number from 0 to 255.' };
    case 'status':
      if (value === 'completed' || value === 'failed') return { status: value };
      return {
        message: `\`${value}\` is no end that a node can come to.`,
        hint: 'Give completed or failed; a node is skipped by its `when` or by what is before it.',
      };
    case 'output':
      return readOutput(node, value);
  }
}

export const hasExitCode = ({ kind }: WorkflowNode): boolean => kind === 'bash' || kind === 'script';

function readOutput(node: WorkflowNode, value: string): Partial<Stub> | Problem {
  if (node.kind === 'approval') return readDecision(node, value);
  const format = 'outputFormat' in node ? node.outputFormat : null;
  return format === null ? { output: value } : readFormatted(value, format);
}

/** As the decision alone, whatever the node's output makes of it. */
function readDecision(node: Extract<WorkflowNode, { kind: 'approval' }>, value: string): Partial<Stub> | Problem {
  const ids = node.decisions.map(({ id }) => id);
  if (ids.includes(value)) return { output: decisionOutput(node, value) };
  const near = nearest(value, ids);
  const hint = near === undefined ? `Give one of ${ids.join(', ')}.` : `Did you mean \`${near}\`?`;
  return { message: `\`${value}\` is no decision of this approval.`, hint };
}

function readFormatted(value: string, format: OutputFormat): Partial<Stub> | Problem {
  const compiled = compileOutputFormat(format);
  const answer = parseAnswer(value);
  const misfits = answer === undefined ? ['It is no JSON.'] : compiled.ok ? compiled.check(answer) : [];
  if (misfits.length === 0) return { output: JSON.stringify(answer) };
  return {
    message: `It does not fit the node's \`output_format\`: ${misfits.join(' ')}`,
    hint: 'Give JSON that fits, or status=failed: that is what such an answer comes to.',
  };
}

function repeated(what: string, seen: ReadonlySet<string>): Problem | null {
  return seen.has(what) ? { message: `\`${what}\` is given more than once.`, hint: 'Give it once.' } : null;
}

function contradiction({ status, exitCode }: Stub, node: WorkflowNode | undefined): Problem | null {
  if (status !== 'completed') return null;
  if (exitCode !== null && exitCode !== 0) {
    const message = `A command that ended with ${exitCode} has failed.`;
    return { message, hint: 'Leave out the status, or the exit code.' };
  }
  if (node === undefined || !('nodes' in node)) return null;
  const message = 'Whether a group completes is said by its nodes.';
  return { message, hint: 'Give what they come to, or status=failed for the group.' };
}

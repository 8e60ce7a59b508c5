import { randomUUID } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { actionsWorkspace } from '../config.ts';
import { Refusal } from '../core/refusals.ts';
import { annotation, type Severity } from '../core/render/annotations.ts';
import { renderCounts, renderTerminalFault } from '../core/render/terminal-faults.ts';
import { cleanLines } from '../core/render/terminal-text.ts';
import { fileNameFaults } from '../core/workflow/file-name.ts';
import { parseWorkflow } from '../core/workflow/parse-workflow.ts';
import { sourceTexts } from '../core/workflow/source-texts.ts';
import type { Fault } from '../core/workflow/types.ts';
import { findWarnings } from '../core/workflow/warnings/find-warnings.ts';
import { createBundledWorkflows } from '../platform/bundled-workflows.ts';
import { loadLocalWorkflow, UnreadablePath, workflowFilesAt } from './local-workflows.ts';

export interface ValidateFlags {
  /** One JSON array on standard output, and nothing else there. */
  json: boolean;
  /** In the array, warnings too. */
  warnings: boolean;
}

/** What is wrong in some files. */
interface Findings {
  files: number;
  faults: Fault[];
  warnings: Fault[];
  /** By the name that faults show. */
  texts: Map<string, string>;
  /** Why a path could not be read. */
  unreadable: string[];
}

const DEFAULT_PATH = '.github/fleet';

/**
 * Checks workflow files and folders of them, and says what is wrong in all of them.
 * Exit status: 0, also with warnings; 1 with a fault; 2 when a file cannot be read.
 */
export async function runValidate(paths: readonly string[], flags: ValidateFlags): Promise<number> {
  const findings = await validate(paths.length === 0 ? [DEFAULT_PATH] : paths);
  const workspace = actionsWorkspace();
  if (flags.json) printJson(findings, flags.warnings);
  else printLines(findings, workspace !== null);
  // Runners take workflow commands from both streams.
  if (workspace !== null) annotate(findings, workspace, flags.json ? process.stderr : process.stdout);
  for (const problem of findings.unreadable) process.stderr.write(`${cleanLines(problem)}\n`);
  if (findings.unreadable.length > 0) return 2;
  return findings.faults.length > 0 ? 1 : 0;
}

async function validate(paths: readonly string[]): Promise<Findings> {
  const bundled = createBundledWorkflows(join(import.meta.dirname, '..', '..', 'workflows'));
  const findings: Findings = { files: 0, faults: [], warnings: [], texts: new Map(), unreadable: [] };
  const files = new Set<string>();
  for (const path of paths) {
    for (const file of await orUnreadable(findings, [], workflowFilesAt(path))) files.add(join(file));
  }
  for (const file of files) {
    findings.files += 1;
    await orUnreadable(findings, undefined, validateFile(file, bundled, findings));
  }
  findings.faults = eachOnce(findings.faults);
  return findings;
}

async function validateFile(
  file: string,
  bundled: Parameters<typeof loadLocalWorkflow>[1],
  { faults, warnings, texts }: Findings,
): Promise<void> {
  try {
    const source = await loadLocalWorkflow(file, bundled);
    for (const [name, text] of sourceTexts(source)) texts.set(name, text);
    const parsed = parseWorkflow(source.text, source.origin, source);
    if (!parsed.ok) faults.push(...parsed.faults);
    else {
      faults.push(...fileNameFaults(source, parsed.workflow.name));
      warnings.push(...findWarnings(source.text, source.origin, source, parsed.workflow));
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    faults.push({ file, line: 1, column: 1, code: 'too_large', message: error.detail, hint: error.remedy });
  }
}

async function orUnreadable<Value>(findings: Findings, instead: Value, work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof UnreadablePath)) throw error;
    findings.unreadable.push(error.message);
    return instead;
  }
}

/** A workflow that others include is read with each of them. */
function eachOnce(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function printJson({ faults, warnings }: Findings, withWarnings: boolean): void {
  const told = withWarnings ? [...faults, ...warnings] : faults;
  const objects = told.map(({ file, line, column, code, message, hint }) => ({
    file,
    line,
    column,
    code,
    message,
    hint,
  }));
  process.stdout.write(`${JSON.stringify(objects, null, 2)}\n`);
}

function printLines({ files, faults, warnings, texts, unreadable }: Findings, inActions: boolean): void {
  const shown = [...faults, ...warnings].map(
    (fault) => `${renderTerminalFault(fault, texts.get(fault.file) ?? '')}\n\n`,
  );
  const counts = { files, faults: faults.length, warnings: warnings.length, unreadable: unreadable.length };
  const lines = `${shown.join('')}${renderCounts(counts)}\n`;
  // Lines of a file must not be taken for workflow commands.
  const token = randomUUID();
  process.stdout.write(inActions ? `::stop-commands::${token}\n${lines}::${token}::\n` : lines);
}

function annotate({ faults, warnings }: Findings, workspace: string, stream: NodeJS.WritableStream): void {
  const tell = (severity: Severity) => (fault: Fault) =>
    stream.write(`${annotation(fault, severity, relative(workspace, resolve(fault.file)))}\n`);
  faults.forEach(tell('error'));
  warnings.forEach(tell('warning'));
}

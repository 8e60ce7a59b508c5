import type { FileDiff } from '../git/diff.ts';
import { type Html, html } from './html.ts';
import { countOf } from './parts.ts';

/** Lines that one page shows at most; the rest is counted. */
const mostLines = 10_000;

/** Files with their hunks, removed and added lines in colour. */
export function diffView(files: readonly FileDiff[]): Html {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  let left = mostLines;
  return html`<p class="muted">${countOf(files.length, 'changed file')}, <span class="added-text">+${additions}</span> <span class="removed-text">−${deletions}</span></p>
${files.map((file) => {
  const lines = file.patch?.split('\n') ?? [];
  const shown = lines.slice(0, left);
  left -= shown.length;
  return html`<details class="box diff" open><summary class="box-head"><span class="grow path">${
    file.previousFilename !== null && html`${file.previousFilename} → `
  }${file.filename}</span><span class="muted">${file.status}</span> <span class="added-text">+${file.additions}</span> <span class="removed-text">−${file.deletions}</span></summary>
${lines.length === 0 ? html`<p class="blank">${file.binary ? 'A binary file.' : 'No lines changed.'}</p>` : table(shown)}${
  shown.length < lines.length &&
  html`<p class="blank">${countOf(lines.length - shown.length, 'more line')}, not shown.</p>`
}</details>`;
})}`;
}

function table(lines: readonly string[]): Html {
  let before = 0;
  let after = 0;
  const rows = lines.map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      before = Number(hunk[1]);
      after = Number(hunk[2]);
      return row('hunk', '', '', '', line);
    }
    switch (line[0]) {
      case '+':
        return row('added', '', after++, '+', line.slice(1));
      case '-':
        return row('removed', before++, '', '−', line.slice(1));
      case '\\':
        return row('hunk', '', '', '', line);
      default:
        return row('same', before++, after++, '', line.slice(1));
    }
  });
  return html`<div class="scroll"><table class="code">${rows}</table></div>`;
}

function row(kind: string, before: number | '', after: number | '', sign: string, text: string): Html {
  return html`<tr class="${kind}"><td class="number" data-line="${before}"></td><td class="number" data-line="${after}"></td><td class="sign">${sign}</td><td>${text}</td></tr>`;
}

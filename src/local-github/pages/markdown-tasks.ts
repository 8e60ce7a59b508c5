import type { StateCore } from 'markdown-it';
import { html } from './html.ts';

/**
 * Turns `- [ ] text` and `- [x] text` into check boxes that show their state. Those that take clicks are buttons with the
 * number of their line, as the pages run no scripts; `toggleTask` is what they do.
 */
export function markTasks(state: StateCore, clickable: boolean): void {
  for (const [position, inline] of state.tokens.entries()) {
    const item = state.tokens[position - 2];
    if (inline.type !== 'inline' || item?.type !== 'list_item_open') continue;
    const first = inline.children?.[0];
    const match = first?.type === 'text' ? /^\[([ xX])\]\s+/.exec(first.content) : null;
    if (first === undefined || match === null) continue;
    first.content = first.content.slice(match[0].length);
    const ticked = match[1] !== ' ';
    const box = new state.Token(clickable ? 'task_button' : 'task_box', 'input', 0);
    box.attrSet('type', 'checkbox');
    box.attrSet('disabled', '');
    if (ticked) box.attrSet('checked', '');
    if (clickable) box.attrSet('value', String(inline.map?.[0] ?? -1));
    inline.children?.unshift(box);
    item.attrJoin('class', 'task');
  }
}

/** What a button of a task list looks like inside the form of its text. */
export function taskButton(box: StateCore['tokens'][number] | undefined): string {
  const line = box?.attrGet('value');
  const ticked = box !== undefined && box.attrGet('checked') !== null;
  const label = ticked ? 'Untick' : 'Tick';
  return html`<button class="task-box" type="submit" name="line" value="${line}" role="checkbox" aria-checked="${String(ticked)}" aria-label="${label}">${ticked ? '☑' : '☐'}</button>`
    .text;
}

/** The text with the box in that line, counted from 0, ticked or unticked; undefined where there is none. */
export function toggleTask(text: string, line: number): string | undefined {
  const lines = text.split('\n');
  const [, before, tick, after] = /^([\s>]*(?:[-*+]|\d+[.)])\s+\[)([ xX])(\]\s[\s\S]*)$/.exec(lines[line] ?? '') ?? [];
  if (before === undefined || after === undefined) return undefined;
  return lines.with(line, `${before}${tick === ' ' ? 'x' : ' '}${after}`).join('\n');
}

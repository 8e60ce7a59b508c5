import type { StateCore } from 'markdown-it';

/** Turns `- [ ] text` and `- [x] text` into check boxes that show their state and take no clicks. */
export function markTasks(state: StateCore): void {
  for (const [position, inline] of state.tokens.entries()) {
    const item = state.tokens[position - 2];
    if (inline.type !== 'inline' || item?.type !== 'list_item_open') continue;
    const first = inline.children?.[0];
    const match = first?.type === 'text' ? /^\[([ xX])\]\s+/.exec(first.content) : null;
    if (first === undefined || match === null) continue;
    first.content = first.content.slice(match[0].length);
    const box = new state.Token('task_box', 'input', 0);
    box.attrSet('type', 'checkbox');
    box.attrSet('disabled', '');
    if (match[1] !== ' ') box.attrSet('checked', '');
    inline.children?.unshift(box);
    item.attrJoin('class', 'task');
  }
}

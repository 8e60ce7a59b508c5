import MarkdownIt, { type StateCore } from 'markdown-it';
import { Html } from './html.ts';
import { sanitizeHtml } from './markdown-html.ts';
import { linkReferences, type References } from './markdown-references.ts';
import { markTasks, taskButton } from './markdown-tasks.ts';

/**
 * Renders Markdown as GitHub does for comments (a newline is a line break) or for files. Of raw HTML a short list of
 * tags survives, comments are hidden, the rest is shown as text. Clickable task lists stand in a form of the page.
 */
export function renderMarkdown(
  text: string,
  kind: 'comment' | 'file',
  references: References,
  options: { clickableTasks?: boolean } = {},
): Html {
  const markdown = new MarkdownIt({ html: true, linkify: true, breaks: kind === 'comment' });
  // Only what is written as a URL becomes a link: file names such as main.rs are no hosts.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  markdown.renderer.rules.html_block = (tokens, position) => sanitizeHtml(tokens[position]?.content ?? '');
  markdown.renderer.rules.html_inline = (tokens, position) => sanitizeHtml(tokens[position]?.content ?? '');
  markdown.renderer.rules.task_button = (tokens, position) => taskButton(tokens[position]);
  markdown.core.ruler.push('tasks', (state) => markTasks(state, options.clickableTasks === true));
  markdown.core.ruler.push('alignment', moveAlignment);
  markdown.core.ruler.push('references', (state) => linkReferences(state, references));
  return new Html(`<div class="markdown">${markdown.render(text)}</div>`);
}

/** Inline styles are refused by the pages' content security policy, so alignment becomes a class. */
function moveAlignment(state: StateCore): void {
  for (const token of state.tokens) {
    const align = /text-align:(\w+)/.exec(String(token.attrGet('style') ?? ''))?.[1];
    if (align === undefined) continue;
    token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
    token.attrSet('class', `align-${align}`);
  }
}

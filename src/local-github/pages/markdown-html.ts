import { escapeHtml } from './html.ts';

const comment = /<!--[\s\S]*?(?:-->|$)/g;
const allowed =
  /<(\/?)(details|summary|sub|sup|kbd|br|hr|b|i|em|strong|code|ins|del|p|h[1-6]|ul|ol|li|blockquote)(\s+open(?:="")?)?\s*\/?>/gi;

/**
 * Raw HTML inside Markdown: comments vanish, plain tags of the list stay without their attributes (but `open`),
 * everything else is shown as text. No tag of the list can close an element of the page around it.
 */
export function sanitizeHtml(content: string): string {
  const visible = content.replace(comment, '');
  let result = '';
  let from = 0;
  for (const match of visible.matchAll(allowed)) {
    const [whole, slash = '', name = '', open] = match;
    const tag = name.toLowerCase();
    const attribute = tag === 'details' && slash === '' && open !== undefined ? ' open' : '';
    result += `${escapeHtml(visible.slice(from, match.index))}<${slash}${tag}${attribute}>`;
    from = match.index + whole.length;
  }
  return result + escapeHtml(visible.slice(from));
}

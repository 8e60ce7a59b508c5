import type { StateCore, Token } from 'markdown-it';

/** What a text may refer to without a URL. */
export interface References {
  /** `#12`, `repository#12` without an owner is no reference. @returns the page, or undefined when there is none. */
  issue(repository: string | null, number: number): string | undefined;
  mention(login: string): string | undefined;
  /** A shorter text for the URL of a page of ours, e.g. `acme/platform#1`. */
  shorten(url: string): string | undefined;
}

/** The names have GitHub's lengths as bounds: without them, looking is quadratic in a text like `a.a.a`. */
const reference = /(?<![\w/&#@])(?:([\w.-]{1,39}\/[\w.-]{1,100})?#(\d{1,9})\b|@([a-zA-Z\d][\w-]*))/g;

/** Links `#12`, `owner/repo#12` and `@login` in text that is in no link and no code, and shortens bare URLs of ours. */
export function linkReferences(state: StateCore, references: References): void {
  for (const inline of state.tokens) {
    if (inline.type !== 'inline' || inline.children === null) continue;
    let depth = 0;
    let bare: string | undefined;
    const children: Token[] = [];
    for (const token of inline.children) {
      if (token.type === 'link_open') {
        depth += 1;
        bare = token.info === 'auto' ? String(token.attrGet('href')) : undefined;
      }
      if (token.type === 'link_close') depth -= 1;
      if (token.type === 'text' && bare !== undefined) token.content = references.shorten(bare) ?? token.content;
      if (token.type === 'link_close') bare = undefined;
      if (token.type === 'text' && depth === 0) children.push(...split(state, token, references));
      else children.push(token);
    }
    inline.children = children;
  }
}

function split(state: StateCore, token: Token, references: References): Token[] {
  const pieces: Token[] = [];
  let from = 0;
  const text = (content: string): Token => Object.assign(new state.Token('text', '', 0), { content });
  for (const match of token.content.matchAll(reference)) {
    const [whole, repository, number, login] = match;
    const url = login === undefined ? references.issue(repository ?? null, Number(number)) : references.mention(login);
    if (url === undefined) continue;
    const open = new state.Token('link_open', 'a', 1);
    open.attrSet('href', url);
    if (login !== undefined) open.attrSet('class', 'mention');
    pieces.push(
      text(token.content.slice(from, match.index)),
      open,
      text(whole),
      new state.Token('link_close', 'a', -1),
    );
    from = match.index + whole.length;
  }
  return pieces.length === 0 ? [token] : [...pieces, text(token.content.slice(from))];
}

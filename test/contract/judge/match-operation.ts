import type { Description } from '../kept/description.ts';

/** Names whose values may hold slashes, which no OpenAPI template can say. */
const WITH_SLASHES = new Set(['path', 'ref', 'branch', 'basehead']);

export interface MatchedOperation {
  /** `GET /repos/{owner}/{repo}` */
  name: string;
  /** Decoded values of the template's names. */
  values: Readonly<Record<string, string>>;
}

interface Template {
  path: string;
  pattern: RegExp;
  literals: number;
}

/** Finds the operation of a request. @returns by method and path (below the API's root, without the query) */
export function createMatcher({
  paths,
}: Pick<Description, 'paths'>): (method: string, path: string) => MatchedOperation | undefined {
  const templates = Object.keys(paths)
    .map(readTemplate)
    .toSorted((one, other) => other.literals - one.literals);
  return (method, path) => {
    for (const template of templates) {
      const found = template.pattern.exec(path);
      if (found === null || paths[template.path]?.[method.toLowerCase()] === undefined) continue;
      const values = Object.entries({ ...found.groups }).map(([name, value]) => [name, decode(value)]);
      return { name: `${method} ${template.path}`, values: Object.fromEntries(values) };
    }
    return undefined;
  };
}

/** What is no encoding stays as it is. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readTemplate(path: string): Template {
  const steps = path.split('/');
  const pattern = steps.map((step) => {
    const name = /^\{(\w+)\}$/.exec(step)?.[1];
    if (name === undefined) return step.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `(?<${name}>${WITH_SLASHES.has(name) ? (name === 'path' ? '.*' : '.+') : '[^/]+'})`;
  });
  return {
    path,
    pattern: new RegExp(`^${pattern.join('/')}$`),
    literals: steps.filter((step) => !step.startsWith('{')).length,
  };
}

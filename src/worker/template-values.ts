import type { TemplateValues } from '../core/workflow/template.ts';
import { bringsData, renderTemplate } from '../core/workflow/template.ts';
import type { OpenRun } from './context.ts';
import type { NodeRun } from './scope.ts';

/** What the texts of a node can name. */
export function templateValues(run: Pick<OpenRun, 'repository'>, { scope, visible }: NodeRun): TemplateValues {
  return { inputs: scope.inputs, service: run.repository.fullName, nodes: visible, loop: scope.loop, data: scope.data };
}

/** Names of a map such as `with` whose values bring in what nodes said. */
export const dataAmong = (templates: Readonly<Record<string, string>>, values: TemplateValues): ReadonlySet<string> =>
  new Set(Object.keys(templates).filter((name) => bringsData(templates[name] ?? '', values)));

/** Every value of a map such as `with` or `env`, its references replaced. */
export function renderValues(
  templates: Readonly<Record<string, string>>,
  values: TemplateValues,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(templates).map(([name, text]) => [name, renderTemplate(text, values)]));
}

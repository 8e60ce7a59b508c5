import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';
import { z } from 'zod';

const DOCS = join(import.meta.dirname, '..', '..', '..', 'docs');

const dashboardJson = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).default([]),
    }),
  ),
});
const alertsYaml = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(['page', 'warn', 'info']) }),
          annotations: z.object({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

/** A query of the documents, named for the person who has to mend it. */
export interface Query {
  where: string;
  expr: string;
  /** Labels that texts beside it name. */
  named: readonly string[];
}

/** Labels of `{{status}}` and of `{{ $labels.status }}`. */
const namedIn = (text: string) =>
  [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label ?? '');

export function dashboardQueries(): Query[] {
  const text = readFileSync(join(DOCS, 'grafana', 'flotilla.json'), 'utf8');
  return dashboardJson
    .parse(JSON.parse(text))
    .panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({ where: `panel ${title}`, expr, named: namedIn(legendFormat) })),
    );
}

export function alertQueries(): Query[] {
  const text = readFileSync(join(DOCS, 'prometheus', 'alerts.yml'), 'utf8');
  return alertsYaml.parse(parse(text)).groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr, annotations: { summary, description } }) => ({
      where: `alert ${alert}`,
      expr,
      named: namedIn(`${summary} ${description}`),
    })),
  );
}

/** Queries that the guide shows, one a line of a fenced block of PromQL. */
export function guideQueries(): Query[] {
  const text = readFileSync(join(DOCS, 'operations.md'), 'utf8');
  return [...text.matchAll(/^```promql\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((expr) => ({ where: 'operations.md', expr, named: [] }));
}

export interface Used {
  metric: string;
  matchers: { label: string; op: string; value: string }[];
}

/** What a query reads, and every label that it groups or joins by. Throws where it is no PromQL. */
export function readQuery({ where, expr }: Pick<Query, 'where' | 'expr'>): { used: Used[]; labels: string[] } {
  const used: Used[] = [];
  const labels: string[] = [];
  // Grafana puts durations and regular expressions in; the first ones would be no PromQL.
  const tree = parser.parse(expr);
  tree.iterate({
    enter(node) {
      const text = expr.slice(node.from, node.to);
      if (node.type.isError) throw new Error(`${where}: no PromQL at ${node.from} of ${expr}`);
      if (node.name === 'VectorSelector') used.push({ metric: '', matchers: [] });
      const last = used.at(-1);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector' && last) last.metric = text;
      if (node.name === 'UnquotedLabelMatcher') {
        const [, label = '', op = '', value = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
        last?.matchers.push({ label, op, value });
      }
      if (node.name === 'LabelName' && node.node.parent?.name === 'GroupingLabels') labels.push(text);
    },
  });
  return { used, labels };
}

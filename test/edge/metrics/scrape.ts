interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** A scrape as a test asks it. */
export interface Scrape {
  text: string;
  /** Of one name, in the order of the text. */
  samples(name: string): Sample[];
  /** Of the one sample with these labels and no other; throws where there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
  /** Every sample of what may only grow, by its name and labels. */
  counters(): { key: string; value: number }[];
  /** Every name with its type and the labels that its samples have. */
  metrics(): Map<string, { type: string; labels: Set<string> }>;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Prometheus' text format. Source: prometheus.io/docs/instrumenting/exposition_formats */
export function scrapeOf(text: string): Scrape {
  const types = new Map<string, string>();
  const all: (Sample & { name: string; line: string })[] = [];
  for (const line of text.split('\n')) {
    const [, typed, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) types.set(typed, type);
    if (line === '' || line.startsWith('#')) continue;
    const [, name, written = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) throw new Error(`This is no sample: ${line}`);
    const labels = Object.fromEntries([...written.matchAll(LABEL)].map(([, key, content]) => [key, content]));
    all.push({ name, labels, value: Number(value), line: line.slice(0, line.lastIndexOf(' ')) });
  }
  const familyOf = (name: string) => (types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, ''));
  const samples = (name: string) =>
    all.filter((sample) => sample.name === name).map(({ labels, value }) => ({ labels, value }));
  return {
    text,
    samples,
    value(name, wanted = {}) {
      const same = (labels: Sample['labels']) =>
        Object.keys(labels).length === Object.keys(wanted).length &&
        Object.entries(wanted).every(([key, value]) => labels[key] === value);
      const found = samples(name).find(({ labels }) => same(labels));
      if (found !== undefined) return found.value;
      throw new Error(`There is no ${name}${JSON.stringify(wanted)}; there is ${JSON.stringify(samples(name))}`);
    },
    counters: () =>
      all.filter(({ name }) => types.get(familyOf(name)) !== 'gauge').map(({ line, value }) => ({ key: line, value })),
    metrics() {
      const metrics = new Map<string, { type: string; labels: Set<string> }>();
      for (const { name, labels } of all) {
        const metric = metrics.get(name) ?? { type: types.get(familyOf(name)) ?? '', labels: new Set<string>() };
        for (const label of Object.keys(labels)) metric.labels.add(label);
        metrics.set(name, metric);
      }
      return metrics;
    },
  };
}

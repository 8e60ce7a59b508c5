import { z } from 'zod';
import type { Answer, RawCall } from './call.ts';

/** Query parameters of lists; GitHub cuts `per_page` to 100. */
export const paging = {
  per_page: z.coerce
    .number()
    .int()
    .min(1)
    .transform((size) => Math.min(size, 100))
    .default(30),
  page: z.coerce.number().int().min(1).default(1),
};

interface Page {
  per_page: number;
  page: number;
}

/** One page of records with GitHub's `Link` header; only that page is rendered. */
export async function pageOf<T>(
  raw: RawCall,
  page: Page,
  records: readonly T[],
  render: (record: T) => unknown,
): Promise<Answer> {
  const shown = records.slice((page.page - 1) * page.per_page, page.page * page.per_page);
  const link = linkHeader(raw, page, records.length);
  return {
    status: 200,
    body: await Promise.all(shown.map(render)),
    headers: link === undefined ? {} : { link },
  };
}

/** @param total how many records there are; undefined when everything fits on one page. */
export function linkHeader(raw: RawCall, { page, per_page }: Page, total: number): string | undefined {
  const last = Math.max(1, Math.ceil(total / per_page));
  const url = new URL(raw.request.url, raw.context.baseUrl);
  const to = (target: number, rel: string): string => {
    url.searchParams.set('page', String(target));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ];
  return links.length === 0 ? undefined : links.join(', ');
}

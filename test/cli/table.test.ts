import { describe, expect, it } from 'vitest';
import { type Column, printTable, tableText } from '../../src/cli/table.ts';

interface Row {
  name: string;
  says: string;
  count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'name', of: ({ name }) => name, whole: true },
  { title: 'says', of: ({ says }) => says },
  { title: 'count', of: ({ count }) => String(count), align: 'right' },
];

const ROWS: readonly Row[] = [
  { name: 'acme/service-api', says: 'ready', count: 7 },
  { name: 'acme/web', says: 'a long sentence that does not fit into what a narrow terminal has', count: 1200 },
];

describe('a table', () => {
  it('has aligned columns and a header in capitals on a terminal', () => {
    expect(tableText([{ name: 'acme/api', says: 'ready', count: 7 }, ...ROWS.slice(0, 1)], COLUMNS, terminal(80))).toBe(
      ['NAME              SAYS   COUNT', 'acme/api          ready      7', 'acme/service-api  ready      7'].join('\n'),
    );
  });

  it("is cut to the terminal's width, its whole columns excepted", () => {
    const lines = tableText(ROWS, COLUMNS, terminal(40)).split('\n');
    expect(lines).toEqual([
      'NAME              SAYS             COUNT',
      'acme/service-api  ready                7',
      'acme/web          a long sentenc…   1200',
    ]);
  });

  it('stays readable where nothing can be cut any more', () => {
    expect(tableText(ROWS, COLUMNS, terminal(10)).split('\n')[2]).toBe('acme/web          a long…    1200');
  });

  it('is separated by tabs, whole and without a header elsewhere', () => {
    expect(tableText(ROWS, COLUMNS, {})).toBe(`acme/service-api\tready\t7\nacme/web\t${ROWS[1]?.says}\t1200`);
  });

  it('keeps control characters, newlines and tabs of foreign text out', () => {
    const hostile = { name: 'acme/\u001b[31mred\u001b[0m', says: 'one\ntwo\tthree\u0007\u202e', count: 1 };
    expect(tableText([hostile], COLUMNS, {})).toBe('acme/red\tone two three\t1');
  });

  it('counts wide characters as the two columns that they take', () => {
    const lines = tableText(
      [
        { name: '日本', says: 'x', count: 1 },
        { name: 'abcd', says: 'x', count: 1 },
      ],
      COLUMNS,
      terminal(80),
    );
    expect(lines.split('\n').slice(1)).toEqual(['日本  x         1', 'abcd  x         1']);
    const narrow = tableText([{ name: 'a', says: '日本語'.repeat(9), count: 1 }], COLUMNS, terminal(24));
    expect(narrow.split('\n')[1]).toBe('a     日本語日本…      1');
  });

  it('prints nothing where there is nothing to print', () => {
    const written: string[] = [];
    printTable([], COLUMNS, { terminal: {}, write: (text) => void written.push(text) });
    expect(written).toEqual([]);
    printTable([], COLUMNS, { terminal: terminal(80), write: (text) => void written.push(text) });
    expect(written).toEqual(['NAME  SAYS  COUNT\n']);
  });
});

const terminal = (columns: number) => ({ isTTY: true, columns });

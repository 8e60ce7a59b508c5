import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanShell } from '../../../../src/core/workflow/shell/scan-shell.ts';

const splitting = (text: string): string[] =>
  scanShell(text)
    .uses.filter(({ splits }) => splits)
    .map(({ raw }) => raw);

describe('what bash splits is seen in', () => {
  it.each([
    ['a word', 'echo $A', ['$A']],
    ['a part of a word', 'npm i x@$A', ['$A']],
    ['braces', 'echo ${A%.*}', ['${A%.*}']],
    ['between two quoted parts', `echo "x"$A'y'`, ['$A']],
    ['the target of a redirection', 'echo x > $A', ['$A']],
    ['a command after if and !', 'if ! test $A; then echo $B; fi', ['$A', '$B']],
    ['a substitution in quotes', 'echo "$(cat $A)"', ['$A']],
    ['backticks', 'echo `cat $A` "$B"', ['$A']],
    ['a subshell', '(cd $A && ls "$B")', ['$A']],
    ['an array', 'a=($A "$B")', ['$A']],
    ['an argument that looks like an assignment', 'env X=$A make', ['$A']],
    ['an argument of export', 'export $A B=$C', ['$A']],
    ['after a here-document', "cat <<'EOF'\n$A\nEOF\necho $B", ['$B']],
    ['a substitution within a here-document', 'cat <<EOF\n$(ls $A) $B\nEOF', ['$A']],
    ['after a comment', "echo x # don't\necho $A", ['$A']],
    ['a branch of case', 'case "$A" in x) echo $B ;; esac; echo $C', ['$B', '$C']],
    ['a case within a substitution', 'x="$(case $A in a) echo $B;; esac)"; echo $C', ['$B', '$C']],
    ['the default of a variable', 'echo ${A:-$B}', ['${A:-$B}', '$B']],
    ['a loop', 'while read -r x; do echo $A; done < "$B"', ['$A']],
  ])('%s', (_, text, expected) => {
    expect(splitting(text)).toEqual(expected);
  });
});

describe('nothing is seen in', () => {
  it.each([
    ['double quotes', 'echo "$A ${B}" "x $C y"'],
    ['single quotes', "echo '$A' $'it\\'s $B'"],
    ['what a backslash quotes', 'echo \\$A "\\$B"'],
    ['a comment', '# $A\necho x # $B'],
    ['an assignment', 'a=$A; b=x$B c=$C make; local=$D'],
    ['an assignment of a declaration', 'export a=$A; local -r b=$B'],
    ['a subscripted assignment', 'a[1]=$A; b+=$B'],
    ['a here-document', 'cat <<EOF\n$A "$B\nEOF'],
    ['one with a quoted delimiter', "cat <<'EOF'\n$A $(ls $B)\nEOF"],
    ['one with tabs', 'cat <<-\\EOF\n\t$A\n\tEOF'],
    ['two of them on a line', "cat <<A - <<'B'\n$X\nA\n$Y\nB"],
    ['a here-string', 'cat <<< $A'],
    ['double brackets', '[[ $A == x && -n $B ]]'],
    ['the subject of case', 'case $A in x) ;; esac'],
    ['the list of for', 'for x in $A; do :; done'],
    ['a length', 'echo ${#A}'],
    ['arithmetic', 'echo $((A + $B)); (( $C )); echo $[ $D ]'],
    ['a # within a word', 'echo "a"#"$A"'],
    ['a lone dollar', 'echo $ $1 $$ $? "$"'],
  ])('%s', (_, text) => {
    expect(splitting(text)).toEqual([]);
  });
});

it('gives commands with their words', () => {
  const { commands } = scanShell('a=1 sh -c "x $A" && [ -n "$B" ] || eval y');
  expect(commands.map(({ words }) => words.map(({ text }) => text))).toEqual([
    ['a=1', 'sh', '-c', '"x $A"'],
    ['[', '-n', '"$B"', ']'],
    ['eval', 'y'],
  ]);
});

it('places every variable where it stands', () => {
  const text = 'x=$(cat <<EOF\n$A ${B:-"$C"}\nEOF\n); echo "$D" $E';
  for (const { offset, length, raw, name } of scanShell(text).uses) {
    expect(text.slice(offset, offset + length)).toBe(raw);
    expect(raw).toContain(name);
  }
  expect(
    scanShell(text)
      .uses.map(({ name }) => name)
      .sort(),
  ).toEqual(['A', 'B', 'C', 'D', 'E']);
});

it('comes to an end for every text', () => {
  const piece = fc.constantFrom(
    ...'$ ( ) (( )) [[ ]] " \' ` \\ { } ${ $( $(( << <<- <<< EOF \n # ; & | = A case esac in if'.split(' '),
    ' ',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { offset, length } of scanShell(text).uses) expect(offset + length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});

it.each([
  '$',
  '$(',
  '$((',
  '${a:-',
  '"',
  "'",
  '`',
  '<<A ',
  '<<A\n',
  '((',
  'a=(',
  '+()',
  '$A ',
  '[[ ',
  'case a ',
  '"$(',
])('reads a megabyte of %j within two seconds of computing', (token) => {
  const before = process.cpuUsage().user;
  scanShell(token.repeat(1_000_000 / token.length));
  expect((process.cpuUsage().user - before) / 1000).toBeLessThan(2_000);
});

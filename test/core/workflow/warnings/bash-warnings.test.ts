import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bashWarnings } from '../../../../src/core/workflow/warnings/bash-warnings.ts';

const warnings = (text: string, own: readonly string[] = []) =>
  [...bashWarnings(text, new Set(own))].map(
    ({ code, at }) => `${code.replace('warning/', '')} ${text.slice(at.offset, at.offset + at.length)}`,
  );

describe('a value that can become more than one word', () => {
  it.each([
    ['npm i x@$INPUTS_VERSION', ['unquoted $INPUTS_VERSION']],
    [
      'echo $NODES_TEST_OUTPUT $SERVICE ${SERVICE_DIR}/x $LOOP_PREVIOUS_OUTPUT',
      ['unquoted $NODES_TEST_OUTPUT', 'unquoted $SERVICE', 'unquoted ${SERVICE_DIR}', 'unquoted $LOOP_PREVIOUS_OUTPUT'],
    ],
    ['[ $INPUTS_MODE = fast ]', ['unquoted $INPUTS_MODE']],
    ['[ $NODES_TEST_EXIT_CODE -ne 0 ]', ['unquoted $NODES_TEST_EXIT_CODE']],
    ['exit $NODES_TEST_EXIT_CODE', []],
    ['echo "$INPUTS_VERSION" ${MINE} $INPUTS', []],
    ['version=$INPUTS_VERSION; echo "$version"', []],
  ])('%s', (text, expected) => {
    expect(warnings(text)).toEqual(expected);
  });

  it("is also one of the node's own variables that holds a value from outside", () => {
    expect(warnings('echo $LOG $FLAGS', ['LOG'])).toEqual(['unquoted $LOG']);
  });
});

describe('a value that can become code', () => {
  it.each([
    ['eval "$INPUTS_COMMAND"', ['eval eval']],
    ['eval "$(ssh-agent)"', ['eval eval']],
    ['bash -c "npm i $INPUTS_X"', ['program_text $INPUTS_X']],
    ['find . -name x -exec sh -ec "cp {} $INPUTS_X" \\;', ['program_text $INPUTS_X']],
    ['python3 -c "print(\'$INPUTS_X\')"', ['program_text $INPUTS_X']],
    ['node -e "console.log(\'$NODES_A_OUTPUT\')"', ['program_text $NODES_A_OUTPUT']],
    ['bash -c \'npm i "$INPUTS_X"\'', []],
    ['bash -c \'echo "$1"\' _ "$INPUTS_X"', []],
    ['bash script.sh "$INPUTS_X" -c', []],
    ['echo $((INPUTS_COUNT + 1))', ['arithmetic INPUTS_COUNT']],
    ['(( $INPUTS_COUNT > 3 )) && x', ['arithmetic $INPUTS_COUNT']],
    ['[[ "$INPUTS_COUNT" -gt 3 ]]', ['arithmetic $INPUTS_COUNT']],
    ['[[ "$INPUTS_MODE" == fast && 3 -lt 4 ]]', []],
    ['[ "$INPUTS_COUNT" -gt 3 ]', []],
    ['let "n = INPUTS_COUNT"', ['arithmetic INPUTS_COUNT']],
    ['echo $((LOOP_ITERATION + NODES_TEST_EXIT_CODE))', []],
  ])('%s', (text, expected) => {
    expect(warnings(text)).toEqual(expected);
  });
});

describe('bash itself', () => {
  const run = (program: string, value: string) =>
    execFileSync('bash', ['-c', program], {
      env: { PATH: process.env.PATH, INPUTS_X: value },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  const HOSTILE = 'a[$(echo executed >&2; echo ran > /dev/stdout)]';

  it('executes what stands in a subscript within [[ -eq ]] and (( )), and not within [ ] or the remedy', () => {
    const answer = (test: string) => run(`{ ${test}; } 2>&1 || true`, HOSTILE);
    expect(answer('[[ "$INPUTS_X" -eq 1 ]]')).toContain('executed');
    expect(answer('(( INPUTS_X > 1 ))')).toContain('executed');
    expect(answer('[ "$INPUTS_X" -eq 1 ]')).not.toMatch(/^executed/);
    expect(answer('n="${INPUTS_X//[^0-9]/}"; (( n > 1 ))')).not.toContain('executed');
  });

  it('splits what stands without quotes, and not what an assignment or a here-string holds', () => {
    expect(run('printf "%s|" $INPUTS_X', 'a b')).toBe('a|b|');
    expect(run('x=$INPUTS_X; printf "%s|" "$x"; cat <<< $INPUTS_X', 'a b')).toBe('a b|a b');
  });
});

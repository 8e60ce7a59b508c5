/**
 * Regular expressions of names and durations, as docs/workflow.schema.json tells them to editors. They decide nothing: the
 * rules do, with messages of their own, and a test compares the two. Each also reads the same with the flag `u`.
 */

export const WORKFLOW_NAME = '^[a-z0-9][a-z0-9._-]{0,59}$';
export const INPUT_NAME = '^[a-z][a-z0-9_]{0,59}$';
export const NODE_ID = '^[a-z][a-z0-9_-]{0,59}$';
export const DECISION_ID = '^[a-z0-9]+(-[a-z0-9]+)*$';
export const VARIABLE_NAME = '^[A-Z_][A-Z0-9_]{0,99}$';
/** Without `.md`, or with it. */
export const FILE_BESIDE = '^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$';
export const PROGRAM = '^[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}$';
export const LOGIN = '^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$';
export const LOGIN_OR_TEAM = '^(team:[A-Za-z0-9_.-]{1,100}|[A-Za-z0-9][A-Za-z0-9_-]{0,99})$';
export const DURATION = '^[1-9][0-9]{0,6}[smhd]$';
/** 1% to 100%. */
export const PERCENT = '^(100|[1-9][0-9]?)%$';

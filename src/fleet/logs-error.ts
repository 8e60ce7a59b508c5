/** What is wrong with what somebody asked the logs for, and what to do. */
export class LogsError extends Error {}

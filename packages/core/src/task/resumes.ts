/** How often a task may be taken up again without a word of progress before people are told. */
export const MAX_RESUMES_WITHOUT_PROGRESS = 3;

/** Whether this resume, counted since the last word of progress, is the one that people are told of, once. */
export function isFirstIdleResume(resumes: number): boolean {
  return resumes === MAX_RESUMES_WITHOUT_PROGRESS + 1;
}

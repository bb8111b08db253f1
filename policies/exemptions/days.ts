/**
 * Calendar days as texts, `2026-12-31`, which compare as the days do. They are days of UTC: whoever asks, and
 * wherever, gets the same answer at the same moment.
 */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day of UTC on which a moment lies. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** Whether the calendar has such a day: there is no 30 February. */
export function isDay(text: string): boolean {
  const moment = new Date(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(moment.getTime()) && dayOf(moment) === text;
}

/** The same day a year later; 1 March for 29 February. */
export function aYearAfter(day: string): string {
  const [, year = "", month = "", date = ""] = DAY.exec(day) ?? [];
  return dayOf(new Date(Date.UTC(Number(year) + 1, Number(month) - 1, Number(date))));
}

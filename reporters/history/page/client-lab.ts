/** The data of one lab, as the functions in the browser share it. */
/// <reference lib="dom" />
import type { ChartData } from './data.ts';

export interface Lab {
  readonly data: ChartData;
  readonly root: HTMLElement;
  /** Series that are shown. */
  readonly shown: Set<number>;
}

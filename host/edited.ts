/** The failure of a lab that was edited during its run: the report shows another text than would be played. */
import type { Failure } from '../model/evidence.ts';
import type { Position } from '../model/lab.ts';

/**
 * @param what reads differently, with its verb: `this step is`.
 * @param at where it is now.
 */
export function editedFailure(what: string, at: Position): Failure {
  return {
    code: 'LW-LAB-EDITED',
    message: `the lab was edited during the run: ${what} not the text that this run began with, so it was not played`,
    at,
    next: 'save the lab, then start the run again',
  };
}

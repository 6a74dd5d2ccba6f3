/** A lab that was edited while it is played: what is shown is not what would be played. */
import type { Failure } from '../model/evidence.ts';
import type { Position } from '../model/lab.ts';

/** @param what reads differently, with its verb: `this step is`. @param at where it stands now. */
export function editedFailure(what: string, at: Position): Failure {
  return {
    code: 'LW-LAB-EDITED',
    message: `the lab was edited while it was played: ${what} not the text that this run began with, so it was not played`,
    at,
    next: 'save the lab, then start the run again',
  };
}

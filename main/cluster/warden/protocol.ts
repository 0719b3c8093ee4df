/** The words between workbench and warden. */

/** From the warden: nothing but SIGKILL can take it now. */
export const WATCHING = 'watching'
/** From the workbench: everything was put away in order. */
export const GOODBYE = 'goodbye'

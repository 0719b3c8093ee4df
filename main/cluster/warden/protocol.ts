/** The only word between workbench and warden: everything was put away in order. */
export const GOODBYE = 'goodbye'

export const diagrams = {}

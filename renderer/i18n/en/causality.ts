export const causality = {}

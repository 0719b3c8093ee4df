export const moments = {}

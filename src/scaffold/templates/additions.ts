/** Backing services a project can be made with: folders of templates/additions. */
export const additionNames = ["postgres", "redis", "kubernetes"] as const;

export type AdditionName = (typeof additionNames)[number];

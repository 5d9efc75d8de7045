// Where the project's sources are: what a page links to outside of docs/ is linked to there.

export const repository = 'https://github.com/plesk-operator/plesk-operator';
export const branch = 'main';

export default (items) => Object.entries(items).sort(([, a], [, b]) => a - b)[0][0];

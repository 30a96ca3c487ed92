async function fetchPrice(name) {
  throw new RangeError(`no price of ${name}`);
}

fetchPrice('coffee');

const prices = { tea: { price: 3 } };

function price(name) {
  return prices[name].price;
}

console.log(price('tea'));
console.log(price('coffee'));

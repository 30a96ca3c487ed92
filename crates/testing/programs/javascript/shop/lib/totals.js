exports.total = (items) => Object.values(items).reduce((sum, price) => sum + price, 0);

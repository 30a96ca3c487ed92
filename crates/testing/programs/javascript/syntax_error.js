function greet(name) {
  console.log('hello', name);
}
greet('a';
console.log('never');

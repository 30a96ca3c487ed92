def greet(name)
  puts "hello #{name}"
end
greet('a'))
puts 'never'

# Reads JSON, changes it and prints it.
require 'json'

orders = JSON.parse($stdin.read, symbolize_names: true)[:orders]
total = orders.sum { |order| order[:price] * order.fetch(:count, 1) }
puts JSON.generate(total: total.round(2), names: orders.map { |order| order[:name] }.sort, none: nil)
begin
  JSON.parse('{"broken": [1, 2')
rescue JSON::ParserError => error
  puts error.class
end

# What newer code is made of.
require 'bigdecimal'
require 'date'
require 'set'

module Priced
  def expensive? = price > 4
end

Item = Struct.new(:name, :price, keyword_init: true) do
  include Comparable
  include Priced

  def <=>(other) = price <=> other.price
end

items = [Item.new(name: 'coffee', price: 5), Item.new(name: 'tea', price: 3)]
puts items.min.name, items.map(&:expensive?).inspect
case { kind: 'tea', cups: [1, 2] }
in { kind: String => kind, cups: [first, *] }
  puts "#{kind} #{first}"
end
puts (1..Float::INFINITY).lazy.map { |n| n * n }.select(&:even?).first(3).inspect
puts 2**100, (BigDecimal('0.1') + BigDecimal('0.2')).to_s('F'), Date.new(2024, 2, 28) + 2, Rational(1, 3) + Rational(1, 6)
begin
  nil.upcase
rescue NoMethodError => error
  puts error.message[/undefined method .upcase./].tr('`', "'")
ensure
  puts 'ensured'
end
puts Set[3, 1, 3].size, %w[a b].each_with_index.to_h.inspect.delete(' ')

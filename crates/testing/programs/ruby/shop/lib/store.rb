# Prices by names.
class Store
  def initialize(items)
    @items = items
  end

  def total
    @items.values.sum
  end

  def cheapest
    @items.min_by { |_, price| price }.first
  end
end

# Writes, appends, renames, reads and removes below the working directory.
require 'csv'
require 'fileutils'

FileUtils.mkdir_p('reports/2024')
CSV.open('reports/2024/sales.csv', 'w') do |csv|
  csv << %w[item price]
  csv << ['tea, green', 3.5]
end
File.open('reports/2024/sales.csv', 'a') { |file| file.puts 'coffee,4.25' }
File.rename('reports/2024/sales.csv', 'reports/2024/sold.csv')
rows = CSV.read('reports/2024/sold.csv', headers: true)
puts rows.sum { |row| row['price'].to_f }, rows.first['item'], File.expand_path('reports')
puts Dir.glob('reports/**/*.csv').inspect, File.size('reports/2024/sold.csv')
FileUtils.rm_r('reports')
puts File.exist?('reports')

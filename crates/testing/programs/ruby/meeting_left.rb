File.write('left', '')
sleep 0.01 until File.exist?('right')
puts 'left met right'
